import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Baselines, TracePage, TraceSummary } from '../src/api/types';
import { impactRows, serviceRows } from '../src/logic/impact';
import { firstPage, ROWS_MAX, withNewer, withOlder } from '../src/logic/pages';
import { sortRows } from '../src/logic/sort';

const trace = (n: number) => ({ cursor: `${n}`, id: `id${n}`, pipeline: 'traces' }) as TraceSummary;
const page = (numbers: number[], next: string | null, newest: string | null): TracePage => ({ traces: numbers.map(trace), next, newest, searched: numbers.length, truncated: false });
const cursors = (rows: { traces: TraceSummary[] }) => rows.traces.map((t) => Number(t.cursor));

test('older pages go below, newer ones above, none twice', () => {
  let rows = firstPage(page([9, 8, 7], '7', '9'));
  rows = withOlder(rows, page([7, 6, 5], null, '9'));
  assert.deepEqual(cursors(rows), [9, 8, 7, 6, 5]);
  rows = withNewer(rows, page([9, 10, 11], null, '11'), 50);
  assert.deepEqual(cursors(rows), [11, 10, 9, 8, 7, 6, 5]);
  assert.deepEqual([rows.next, rows.newest], [null, '11']);
});

test('a full page of newer ones goes on behind its last row, not behind the newest of all', () => {
  const rows = withNewer(firstPage(page([1], null, '1')), page([2, 3], null, '99'), 2);
  assert.equal(rows.newest, '3');
});

test('nothing new moves the place to look from', () => {
  assert.equal(withNewer(firstPage(page([1], null, '1')), page([], null, '7'), 50).newest, '7');
  assert.equal(withNewer(firstPage(page([1], null, '1')), page([], null, null), 50).newest, '1');
});

test('the list is bounded; what falls off at the end can be loaded again', () => {
  const many = Array.from({ length: ROWS_MAX }, (_, i) => ROWS_MAX - i);
  const rows = withNewer(firstPage(page(many, null, `${ROWS_MAX}`)), page([ROWS_MAX + 1], null, `${ROWS_MAX + 1}`), 50);
  assert.equal(rows.traces.length, ROWS_MAX);
  assert.equal(rows.next, '2');
});

test('what is not known stands last, whichever the direction', () => {
  const rows = [{ v: null }, { v: 2 }, { v: Number.NaN }, { v: 10 }];
  assert.deepEqual(sortRows(rows, (r) => r.v, 'ascending').map((r) => r.v), [2, 10, null, Number.NaN]);
  assert.deepEqual(sortRows(rows, (r) => r.v, 'descending').map((r) => r.v), [10, 2, null, Number.NaN]);
  assert.deepEqual(sortRows([{ v: 'b' }, { v: 'a' }], (r) => r.v, 'ascending').map((r) => r.v), ['a', 'b']);
});

const row = (operation: string, calls: number, total_ms: number) => ({ service: 'web', operation, kind: 'server', calls, errors: 1, total_ms, p50_ms: 1, p95_ms: 2, p99_ms: 3 });
const baselines = (window_s: number, rows: Baselines['rows']): Baselines => ({ now_unix_ms: 0, window_s, ago_s: 0, exact: true, error: 0.01, overflow_calls: 0, unsketched_calls: 0, rows_left_out: 0, rows,
  services: [{ service: 'web', calls: 130, errors: 2, estimated_calls: 128, estimate_error_ratio: 0.015 }] });

test('impact: shares of all time, and the same operation in the earlier window', () => {
  const [a, b] = impactRows(baselines(10, [row('a', 100, 300), row('b', 30, 100)]), baselines(20, [row('a', 100, 50)]));
  assert.deepEqual([a?.timeShare, a?.callsPerSecond, a?.errorShare, a?.before?.callsPerSecond], [0.75, 10, 0.01, 5]);
  assert.equal(b?.before, null);
});

test('impact by service adds its operations up', () => {
  const [web] = serviceRows(baselines(10, [row('a', 100, 300), row('b', 30, 100)]));
  assert.deepEqual([web?.total_ms, web?.timeShare, web?.operations, web?.callsPerSecond], [400, 1, 2, 13]);
});

test('impact of no calls, or of no time, divides nothing', () => {
  const [a] = impactRows(baselines(0, [row('a', 0, 0)]), null);
  assert.deepEqual([a?.timeShare, a?.errorShare, a?.before, a?.callsPerSecond], [null, null, null, null]);
});
