// The list of traces as pages come in: older ones below, new ones above, each trace once, and a bound on all.

import type { TracePage, TraceSummary } from '../api/types';

export const ROWS_MAX = 1000;

export type Rows = {
  traces: TraceSummary[];  // newest first
  next: string | null;     // where older ones begin
  newest: string | null;   // where new ones begin
  searched: number;
  truncated: boolean;
};

function keyOf(trace: TraceSummary): string {
  return `${trace.cursor} ${trace.pipeline} ${trace.id}`;
}

function unique(traces: readonly TraceSummary[]): TraceSummary[] {
  const seen = new Set<string>();
  return traces.filter((trace) => !seen.has(keyOf(trace)) && seen.add(keyOf(trace)) !== undefined);
}

export function firstPage(page: TracePage): Rows {
  return { traces: unique(page.traces), next: page.next, newest: page.newest, searched: page.searched, truncated: page.truncated };
}

export function withOlder(rows: Rows, page: TracePage): Rows {
  const traces = unique([...rows.traces, ...page.traces]).slice(0, ROWS_MAX);
  return {
    ...rows, traces, searched: rows.searched + page.searched, truncated: page.truncated,
    next: traces.length >= ROWS_MAX ? null : page.next,
  };
}

// `page` answers `after=`: its oldest comes first. Where it is full there is more behind its last row.
export function withNewer(rows: Rows, page: TracePage, limit: number): Rows {
  if (page.traces.length === 0) return { ...rows, newest: page.newest ?? rows.newest };
  const all = unique([...page.traces].reverse().concat(rows.traces));
  const traces = all.slice(0, ROWS_MAX);
  const newest = page.traces.length >= limit ? page.traces.at(-1)?.cursor ?? rows.newest : page.newest ?? rows.newest;
  return { ...rows, traces, newest, next: all.length > ROWS_MAX ? traces.at(-1)?.cursor ?? null : rows.next };
}
