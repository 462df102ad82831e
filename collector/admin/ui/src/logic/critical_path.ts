// The critical path: the pieces of spans that, made shorter, would have made the trace shorter.
//
// From a span's end backwards: the child that ended last, before the point reached, is what the span waited for; the time after
// that child's end was the span's own. Then the same inside that child, and on from its start. A child that ends after its parent
// counts up to the parent's end; one that only starts after it was not waited for.

import { endOf, type SpanNode } from './tree';

export type Piece = { node: SpanNode; startMs: number; endMs: number };

type Visit = { node: SpanNode; from: number; to: number; children: SpanNode[] };

function visit(node: SpanNode, from: number, to: number): Visit {
  // Popped from the back: the last to end comes first.
  const children = [...node.children].sort((a, b) => endOf(a.span) - endOf(b.span) || a.span.startMs - b.span.startMs);
  return { node, from: Math.max(from, node.span.startMs), to: Math.min(to, endOf(node.span)), children };
}

// Latest piece first. Pieces do not overlap.
export function criticalPath(root: SpanNode): Piece[] {
  const pieces: Piece[] = [];
  const stack = [visit(root, root.span.startMs, endOf(root.span))];
  const own = (node: SpanNode, startMs: number, endMs: number) => { if (endMs > startMs) pieces.push({ node, startMs, endMs }); };
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.children.pop();
    if (child === undefined) {
      own(top.node, top.from, top.to);
      stack.pop();
      continue;
    }
    const end = Math.min(endOf(child.span), endOf(top.node.span));
    const start = Math.max(child.span.startMs, top.from);
    if (end > top.to || start >= end) continue;
    own(top.node, end, top.to);
    top.to = start;
    stack.push(visit(child, start, end));
  }
  return pieces;
}
