import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '../src/api/types';
import { FlowHistory, POINTS_MAX } from '../src/logic/history';
import { flowRates, rate, sum } from '../src/logic/rates';

function flow(seconds: number, accepted: number, kept: number): Flow {
  return {
    now_unix_ms: 1e12 + seconds * 1000, memory: { budget_bytes: 100, rss_bytes: 50, table_bytes: 10, buffer_bytes: 1 }, stress: {},
    receivers: [{ id: 'otlp', transports: [{ transport: 'grpc', accepted_spans: accepted, refused_spans: 0, failed_spans: 0, requests_ok: 0, requests_refused: 0, requests_failed: 0, body_bytes: accepted * 400 }] }],
    pipelines: [{
      id: 'traces', processor: 'tail_sampling', receivers: ['otlp'], exporters: ['x'], accepted_spans: accepted, kept_spans: kept, dropped_by_policy_spans: 0, dropped_spans: {},
      in_ring_spans: 0, in_table_spans: 0, in_table_traces: 0, in_table_bytes: 0, in_open_batch_spans: 0, new_traces: 0, sampled_traces: 0, not_sampled_traces: 0, dropped_traces: 0,
      early_traces: {}, late_sampled_spans: 0, late_not_sampled_spans: 0, decision_lag_ms: { p50: 1, p99: 9 },
    }],
    exporters: [], ledger: [],
  };
}

test('a rate is a difference by time, and nothing where the counter went back', () => {
  assert.equal(rate(30, 10, 2), 10);
  assert.equal(rate(5, 10, 2), null);
  assert.equal(rate(5, undefined, 2), null);
  assert.equal(rate(5, 5, 0), null);
  assert.equal(sum([1, null]), null);
});

test('rates of two answers', () => {
  const rates = flowRates(flow(2, 3000, 100), flow(0, 1000, 50));
  assert.equal(rates.receivers.get('otlp')?.accepted, 1000);
  assert.equal(rates.receivers.get('otlp')?.bytes, 400_000);
  assert.equal(rates.pipelines.get('traces')?.kept, 25);
});

test('one answer has no rates; a new receiver has none either', () => {
  assert.equal(flowRates(flow(0, 1, 1), null).pipelines.get('traces')?.accepted, null);
  const before = { ...flow(0, 1, 1), receivers: [] };
  assert.equal(flowRates(flow(1, 5, 5), before).receivers.get('otlp')?.accepted, null);
});

test('the history is calm, bounded, and shows where nobody looked', () => {
  const history = new FlowHistory();
  for (let i = 0; i < POINTS_MAX + 50; i += 1) history.add(flow(i, i * 1000 + (i % 2) * 500, 0));
  assert.equal(history.line().length, POINTS_MAX);
  assert.equal(history.rates()?.pipelines.get('traces')?.accepted, 1000);
  history.add(flow(POINTS_MAX + 500, 1e9, 0));
  assert.deepEqual(history.line().slice(-2).map((point) => point.accepted), [null, null]);
  assert.equal(history.line().at(-1)?.lag, 9);
});

test('an answer from before the last one is no point', () => {
  const history = new FlowHistory();
  history.add(flow(5, 1, 1));
  history.add(flow(5, 1, 1));
  history.add(flow(4, 1, 1));
  assert.equal(history.line().length, 1);
});
