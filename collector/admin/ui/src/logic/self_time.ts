// Self time: what of a span's duration none of its children covers. Children that run side by side count once, and only as far
// as they lie inside their parent (clocks differ).

import { endOf, type SpanNode } from './tree';

// `node.children` is ordered by start.
export function selfTime(node: SpanNode): number {
  const start = node.span.startMs;
  const end = endOf(node.span);
  let covered = 0;
  let reached = start;
  for (const { span } of node.children) {
    const from = Math.max(span.startMs, reached);
    const to = Math.min(endOf(span), end);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return Math.max(0, node.span.durationMs - covered);
}
