import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEndpoints } from '../src/logic/endpoints';
import { readMs } from '../src/logic/read_ms';
import { formatRoute, parseRoute } from '../src/logic/route';
import { ticks } from '../src/logic/ticks';
import { buildTree, inOrder } from '../src/logic/tree';
import { rowWindow, scrollFor } from '../src/logic/window_rows';
import { moveOf } from '../src/views/trace/waterfall_keys';
import { span } from './span_builder';

test('an address says all, both ways', () => {
  const params = { service: 'a&b=c', attribute: 'http.route=/x?y#z' };
  assert.deepEqual(parseRoute(formatRoute('traces', params)), { view: 'traces', id: '', params });
  assert.deepEqual(parseRoute(formatRoute('trace', {}, 'ab/12')), { view: 'trace', id: 'ab/12', params: {} });
  assert.equal(formatRoute('traces', { service: '' }), '#/traces');
});

test('an unknown address is the first view', () => {
  for (const hash of ['', '#', '#/', '#/nowhere/else', '#/%E0%A4%A']) assert.equal(parseRoute(hash).view, 'flow');
  assert.equal(parseRoute('#/trace/%E0%A4%A').id, '%E0%A4%A');
});

test('durations as people type them', () => {
  for (const [text, ms] of [['500', '500'], ['500 ms', '500'], ['1.2s', '1200'], ['1,5 s', '1500'], ['2 min', '120000'], ['80us', '0.08'], ['', ''], ['soon', 'soon'], ['5 parsecs', '5 parsecs']] as const) {
    assert.equal(readMs(text), ms);
  }
});

test('marks on the time axis are round and inside', () => {
  assert.deepEqual(ticks(812), [0, 200, 400, 600, 800]);
  assert.deepEqual(ticks(0), [0]);
  assert.ok(ticks(0.0031).length >= 3 && ticks(1e9).length <= 8);
});

test('only rows near the view are made', () => {
  assert.deepEqual(rowWindow(0, 260, 26, 10_000, 2), { first: 0, last: 12 });
  assert.deepEqual(rowWindow(26_000, 260, 26, 10_000, 2), { first: 998, last: 1012 });
  assert.deepEqual(rowWindow(1e9, 260, 26, 5, 2), { first: 5, last: 5 });
  assert.equal(scrollFor(3, 0, 260, 26), 0);
  assert.equal(scrollFor(10, 0, 260, 26), 26);
  assert.equal(scrollFor(1, 260, 260, 26), 26);
});

test('the arrow keys go through the waterfall', () => {
  const rows = inOrder(buildTree([span('r', '', 0, 9), span('a', 'r', 1, 5), span('b', 'a', 2, 1), span('c', 'r', 7, 1)]).roots);
  const move = (key: string, at: number, open = true) => {
    const found = moveOf(key, rows, at, () => open, 2);
    return found && [found.node.span.id, found.open];
  };
  assert.deepEqual(move('ArrowDown', 0), ['a', undefined]);
  assert.deepEqual(move('ArrowDown', 3), ['c', undefined]);
  assert.deepEqual(move('ArrowUp', 0), ['r', undefined]);
  assert.deepEqual(move('End', 0), ['c', undefined]);
  assert.deepEqual(move('PageDown', 0), ['b', undefined]);
  assert.deepEqual(move('ArrowLeft', 1), ['a', false]);
  assert.deepEqual(move('ArrowLeft', 1, false), ['r', undefined]);
  assert.deepEqual(move('ArrowLeft', 2), ['a', undefined]);
  assert.deepEqual(move('ArrowRight', 1, false), ['a', true]);
  assert.deepEqual(move('ArrowRight', 1), ['b', undefined]);
  assert.deepEqual(move('Enter', 0), ['r', false]);
  assert.equal(move('ArrowRight', 2), null);
  assert.equal(move('x', 0), null);
});

test('where the daemon listens, out of its configuration', () => {
  const yaml = 'receivers:\n  otlp/in:\n    protocols:\n      grpc:\n        endpoint: "0.0.0.0:4317"\n        tls:\n          endpoint: no\n      http:\n        endpoint: 10.0.0.7:4318\nexporters:\n  otlp:\n    endpoint: far:4317\n';
  assert.deepEqual(readEndpoints(yaml, 'here'), { grpc: 'here:4317', http: '10.0.0.7:4318' });
  assert.deepEqual(readEndpoints('', 'here'), { grpc: null, http: null });
});
