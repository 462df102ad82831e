import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBottleneck } from '../src/logic/bottleneck';
import { criticalPath } from '../src/logic/critical_path';
import { selfTime } from '../src/logic/self_time';
import { buildTree, type SpanNode } from '../src/logic/tree';
import type { Span } from '../src/logic/spans';
import { span } from './span_builder';

function rootOf(spans: Span[]): SpanNode {
  return buildTree(spans).roots[0] as SpanNode;
}

const path = (spans: Span[]) => criticalPath(rootOf(spans)).reverse().map(({ node, startMs, endMs }) => `${node.span.id} ${startMs}-${endMs}`);
const NARROW = /\u202f/g;
const words = (spans: Span[]) => {
  const root = rootOf(spans);
  const found = findBottleneck(criticalPath(root), root.span.durationMs);
  return found && `${found.before}${found.node.span.service}: ${found.node.span.operation}${found.after}`.replace(NARROW, ' ');
};

test('self time: children side by side count once', () => {
  assert.equal(selfTime(rootOf([span('p', '', 0, 100), span('a', 'p', 10, 40), span('b', 'p', 30, 40), span('c', 'p', 80, 10)])), 30);
});

test('self time: a child counts only as far as it lies inside its parent', () => {
  assert.equal(selfTime(rootOf([span('p', '', 10, 100), span('a', 'p', 0, 30), span('b', 'p', 100, 500), span('c', 'p', 900, 5)])), 70);
});

test('critical path: one after another', () => {
  assert.deepEqual(path([span('p', '', 0, 100), span('a', 'p', 10, 20), span('b', 'p', 50, 40)]),
    ['p 0-10', 'a 10-30', 'p 30-50', 'b 50-90', 'p 90-100']);
});

test('critical path: of children side by side the one that ended last was waited for', () => {
  assert.deepEqual(path([span('p', '', 0, 100), span('short', 'p', 10, 30), span('long', 'p', 10, 80)]), ['p 0-10', 'long 10-90', 'p 90-100']);
});

test('critical path: goes down into the child', () => {
  assert.deepEqual(path([span('p', '', 0, 10), span('c', 'p', 1, 8), span('g', 'c', 2, 3)]), ['p 0-1', 'c 1-2', 'g 2-5', 'c 5-9', 'p 9-10']);
});

test('critical path: a child that outlives its parent counts up to the end of it; one begun after it does not', () => {
  assert.deepEqual(path([span('p', '', 0, 10), span('long', 'p', 5, 50), span('after', 'p', 12, 5)]), ['p 0-5', 'long 5-10']);
});

test('critical path: a child from before its parent (clocks differ) begins with it', () => {
  assert.deepEqual(path([span('p', '', 10, 10), span('c', 'p', 5, 8)]), ['c 10-13', 'p 13-20']);
});

test('critical path: a grandchild out of its parent’s time is not waited for', () => {
  assert.deepEqual(path([span('p', '', 0, 10), span('c', 'p', 2, 2), span('g', 'c', 6, 2)]), ['p 0-2', 'c 2-4', 'p 4-10']);
});

test('critical path: its pieces fill the root without overlap, whatever the trace', () => {
  let seed = 1;
  const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  for (let round = 0; round < 200; round += 1) {
    const spans = [span('0', '', 0, 1000)];
    for (let i = 1; i < 40; i += 1) spans.push(span(`${i}`, `${Math.floor(random() * i)}`, random() * 1200 - 100, random() * 400));
    const pieces = criticalPath(rootOf(spans)).reverse();
    let reached = 0;
    for (const piece of pieces) {
      assert.ok(Math.abs(piece.startMs - reached) < 1e-9, `round ${round}: ${piece.startMs} follows ${reached}`);
      reached = piece.endMs;
    }
    assert.ok(Math.abs(reached - 1000) < 1e-9);
  }
});

test('critical path: 20 000 deep', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? '' : `s${i - 1}`, i, 40_000 - 2 * i));
  assert.equal(criticalPath(rootOf(chain)).length, 39_999);
});

test('bottleneck in words: one span', () => {
  assert.equal(words([span('r', '', 0, 812, 'POST /checkout', 'storefront'), span('c', 'r', 100, 412, 'POST /charge', 'payment')]),
    '412 of 812 ms are spent in payment: POST /charge itself');
});

test('bottleneck in words: many calls of one operation, and other units', () => {
  const calls = Array.from({ length: 14 }, (_, i) => span(`q${i}`, 'r', 100 * i, 70, 'SELECT', 'db'));
  assert.equal(words([span('r', '', 0, 1400, 'GET /', 'web'), ...calls]), '980 ms of 1.4 s are spent in 14 calls of db: SELECT, one after another');
});

test('no bottleneck in a trace that took no time', () => {
  assert.equal(words([span('r', '', 0, 0)]), null);
});
