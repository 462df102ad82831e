// Impact: calls times time. Rows of the window asked for, each with its share of all time spent and its like of an earlier window.

import type { Baselines, BaselineRow } from '../api/types';

export type ImpactRow = BaselineRow & {
  key: string;
  callsPerSecond: number | null;
  errorShare: number | null;
  timeShare: number | null;     // of all time in the window
  before: { callsPerSecond: number | null; errorShare: number | null; total_ms: number; p50_ms: number; p95_ms: number; p99_ms: number } | null;
};

function keyOf(row: BaselineRow): string {
  return JSON.stringify([row.service, row.operation, row.kind]);
}

// A window may cover no time at all: the daemon is young, or too old to remember.
function perSecond(calls: number, seconds: number): number | null {
  return seconds > 0 ? calls / seconds : null;
}

function errorShare(row: BaselineRow): number | null {
  return row.calls > 0 ? row.errors / row.calls : null;
}

export function impactRows(now: Baselines, earlier: Baselines | null): ImpactRow[] {
  const all = now.rows.reduce((sum, row) => sum + row.total_ms, 0);
  const old = new Map((earlier?.rows ?? []).map((row) => [keyOf(row), row]));
  return now.rows.map((row) => {
    const before = old.get(keyOf(row));
    return {
      ...row, key: keyOf(row),
      callsPerSecond: perSecond(row.calls, now.window_s),
      errorShare: errorShare(row),
      timeShare: all > 0 ? row.total_ms / all : null,
      before: before === undefined || earlier === null ? null : {
        callsPerSecond: perSecond(before.calls, earlier.window_s), errorShare: errorShare(before), total_ms: before.total_ms,
        p50_ms: before.p50_ms, p95_ms: before.p95_ms, p99_ms: before.p99_ms,
      },
    };
  });
}

export type ServiceRow = {
  service: string; calls: number; callsPerSecond: number | null; errorShare: number | null; total_ms: number; timeShare: number | null;
  operations: number; estimated_calls: number | null; estimate_error_ratio: number | null;
};

// Time per service is added over its operations; calls and estimates come as the daemon counts them.
export function serviceRows(now: Baselines): ServiceRow[] {
  const all = now.rows.reduce((sum, row) => sum + row.total_ms, 0);
  const time = new Map<string, { total: number; operations: number }>();
  for (const row of now.rows) {
    const so = time.get(row.service) ?? { total: 0, operations: 0 };
    time.set(row.service, { total: so.total + row.total_ms, operations: so.operations + 1 });
  }
  return now.services.map((service) => {
    const spent = time.get(service.service);
    return {
      ...service, callsPerSecond: perSecond(service.calls, now.window_s),
      errorShare: service.calls > 0 ? service.errors / service.calls : null,
      total_ms: spent?.total ?? 0, timeShare: all > 0 ? (spent?.total ?? 0) / all : null, operations: spent?.operations ?? 0,
      estimated_calls: service.estimated_calls ?? null, estimate_error_ratio: service.estimate_error_ratio ?? null,
    };
  });
}
