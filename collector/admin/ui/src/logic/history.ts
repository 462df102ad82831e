// The last minutes of the flow, one point an answer. It outlives the view, so that coming back finds the line where it was;
// while nobody looked there is a gap.

import type { Flow } from '../api/types';
import { flowRates, sum, type FlowRates } from './rates';

export const POINTS_MAX = 300;
// Numbers in the picture are over the last few answers, so that they can be read; the plots show each answer.
const CALM_ANSWERS = 5;
const GAP_MS = 5000;

export type Point = { unixMs: number; accepted: number | null; kept: number | null; memory: number; lag: number | null };

export class FlowHistory {
  private answers: Flow[] = [];
  private points: Point[] = [];

  add(flow: Flow): void {
    const last = this.answers.at(-1);
    if (last !== undefined && flow.now_unix_ms <= last.now_unix_ms) return;
    if (last !== undefined && flow.now_unix_ms - last.now_unix_ms > GAP_MS) {
      this.answers = [];
      this.points.push({ unixMs: last.now_unix_ms + 1, accepted: null, kept: null, memory: Number.NaN, lag: null });
    }
    this.points.push(pointOf(flow, flowRates(flow, this.answers.at(-1) ?? null)));
    this.points = this.points.slice(-POINTS_MAX);
    this.answers = [...this.answers, flow].slice(-CALM_ANSWERS);
  }

  rates(): FlowRates | null {
    const now = this.answers.at(-1);
    return now === undefined ? null : flowRates(now, this.answers.length > 1 ? this.answers[0] ?? null : null);
  }

  line(): readonly Point[] { return this.points; }
}

// The slowest pipeline's median.
export function worstLag(flow: Flow): { p50: number; p99: number } | null {
  let worst: { p50: number; p99: number } | null = null;
  for (const { decision_lag_ms: lag } of flow.pipelines) {
    if (lag !== null && (worst === null || lag.p99 > worst.p99)) worst = lag;
  }
  return worst;
}

function pointOf(flow: Flow, rates: FlowRates): Point {
  const pipelines = [...rates.pipelines.values()];
  return {
    unixMs: flow.now_unix_ms,
    accepted: sum([...rates.receivers.values()].map((r) => r.accepted)),
    kept: sum(pipelines.map((p) => p.kept)),
    memory: flow.memory.rss_bytes,
    lag: worstLag(flow)?.p99 ?? null,
  };
}
