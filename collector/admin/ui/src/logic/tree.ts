// Spans to a forest, whatever came: parents that are missing, parents in a circle, ids used twice.

import type { Span } from './spans';

export type SpanNode = {
  span: Span;
  children: SpanNode[];  // by start
  depth: number;
  orphan: boolean;   // names a parent that is not here, or that would be its own descendant
};

export type Tree = {
  roots: SpanNode[];  // by start
  count: number;
  startMs: number;
  endMs: number;
  orphans: number;
};

export function endOf(span: Span): number {
  return span.startMs + span.durationMs;
}

function byStart(a: SpanNode, b: SpanNode): number {
  return a.span.startMs - b.span.startMs || endOf(b.span) - endOf(a.span);
}

// The nodes below `roots`, each parent before its children, in the order they are shown. Iterative: chains may be 10 000 deep.
export function inOrder(roots: readonly SpanNode[], isOpen: (node: SpanNode) => boolean = () => true): SpanNode[] {
  const order: SpanNode[] = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    order.push(node);
    if (isOpen(node)) for (let i = node.children.length - 1; i >= 0; i -= 1) waiting.push(node.children[i] as SpanNode);
  }
  return order;
}

// Follows parents upwards from each node; the earliest node of a circle becomes a root.
function breakCircles(nodes: readonly SpanNode[], parents: Map<SpanNode, SpanNode>): void {
  const done = new Set<SpanNode>();
  for (const node of nodes) {
    const path: SpanNode[] = [];
    const onPath = new Set<SpanNode>();
    let at: SpanNode | undefined = node;
    while (at !== undefined && !done.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = parents.get(at);
    }
    if (at !== undefined && onPath.has(at)) {
      const first = [...path.slice(path.indexOf(at))].sort(byStart)[0] as SpanNode;
      parents.delete(first);
    }
    for (const passed of path) done.add(passed);
  }
}

export function buildTree(spans: readonly Span[]): Tree {
  const nodes = spans.map((span): SpanNode => ({ span, children: [], depth: 0, orphan: false }));
  const byId = new Map<string, SpanNode>();
  for (const node of nodes) if (node.span.id !== '' && !byId.has(node.span.id)) byId.set(node.span.id, node);
  const parents = new Map<SpanNode, SpanNode>();
  for (const node of nodes) {
    const parent = byId.get(node.span.parentId);
    if (parent !== undefined && parent !== node) parents.set(node, parent);
  }
  breakCircles(nodes, parents);
  const roots: SpanNode[] = [];
  for (const node of nodes) {
    const parent = parents.get(node);
    if (parent !== undefined) parent.children.push(node);
    else {
      node.orphan = node.span.parentId !== '';
      roots.push(node);
    }
  }
  for (const node of nodes) node.children.sort(byStart);
  roots.sort(byStart);
  for (const node of inOrder(roots)) for (const child of node.children) child.depth = node.depth + 1;
  return {
    roots, count: nodes.length, orphans: roots.filter((root) => root.orphan).length,
    startMs: spans.reduce((least, span) => Math.min(least, span.startMs), spans[0]?.startMs ?? 0),
    endMs: spans.reduce((most, span) => Math.max(most, endOf(span)), spans[0] ? endOf(spans[0]) : 0),
  };
}
