import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTree, inOrder } from '../src/logic/tree';
import { span } from './span_builder';

const shape = (spans: Parameters<typeof buildTree>[0]) => inOrder(buildTree(spans).roots).map((n) => `${'.'.repeat(n.depth)}${n.span.id}${n.orphan ? '?' : ''}`);

test('children stand below their parent, by start', () => {
  assert.deepEqual(shape([span('late', 'root', 50, 5), span('early', 'root', 10, 5), span('root', '', 0, 100), span('leaf', 'early', 11, 1)]),
    ['root', '.early', '..leaf', '.late']);
});

test('a span without its parent is a root and says so', () => {
  const tree = buildTree([span('a', '', 0, 10), span('b', 'gone', 2, 3)]);
  assert.equal(tree.orphans, 1);
  assert.deepEqual(shape([span('a', '', 0, 10), span('b', 'gone', 2, 3)]), ['a', 'b?']);
});

test('a circle is cut at its earliest span, and nothing is lost', () => {
  const circle = [span('b', 'a', 5, 1), span('c', 'b', 6, 1), span('a', 'c', 1, 1), span('tail', 'c', 7, 1)];
  assert.deepEqual(shape(circle), ['a?', '.b', '..c', '...tail']);
});

test('a span that is its own parent is a root', () => {
  assert.deepEqual(shape([span('a', 'a', 0, 1)]), ['a?']);
});

test('two spans of one id both stay; children go to the first', () => {
  assert.deepEqual(shape([span('a', '', 0, 10), span('a', '', 3, 2), span('b', 'a', 4, 1)]), ['a', '.b', 'a']);
});

test('a chain of 20 000 is no deeper than the stack', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? '' : `s${i - 1}`, i, 20_000 - i));
  const tree = buildTree(chain.reverse());
  assert.equal(inOrder(tree.roots).at(-1)?.depth, 19_999);
});

test('bounds are those of all spans, also of a child that ends after its parent', () => {
  const tree = buildTree([span('a', '', 0, 10), span('b', 'a', -3, 20)]);
  assert.deepEqual([tree.startMs, tree.endMs], [-3, 17]);
});

test('no spans are an empty tree', () => {
  assert.deepEqual(buildTree([]), { roots: [], count: 0, orphans: 0, startMs: 0, endMs: 0 });
});
