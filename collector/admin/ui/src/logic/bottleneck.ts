// The bottleneck in words: the operation that takes most of the critical path by itself.

import type { Piece } from './critical_path';
import { formatDuration } from './format';
import type { SpanNode } from './tree';

export type Bottleneck = {
  node: SpanNode;       // of the operation's spans, the one with most of it
  spentMs: number;  // on the critical path, all its spans together
  ofMs: number;
  calls: number;
  before: string;   // "412 of 812 ms are spent in "
  after: string;    // " itself"
};

function amountOf(spent: number, whole: number): string {
  const [spentText, wholeText] = [formatDuration(spent), formatDuration(whole)];
  const unit = wholeText.replace(/^[\d.]+/, '');
  // "412 of 812 ms", where both are in one unit.
  return spentText.endsWith(unit) && /^[\d.]+$/.test(spentText.slice(0, -unit.length))
    ? `${spentText.slice(0, -unit.length)} of ${wholeText}` : `${spentText} of ${wholeText}`;
}

export function findBottleneck(pieces: readonly Piece[], durationMs: number): Bottleneck | null {
  const spent = new Map<SpanNode, number>();
  for (const { node, startMs, endMs } of pieces) spent.set(node, (spent.get(node) ?? 0) + endMs - startMs);
  const groups = new Map<string, SpanNode[]>();
  for (const node of spent.keys()) {
    const key = JSON.stringify([node.span.service, node.span.operation]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]); else group.push(node);
  }
  const of = (node: SpanNode) => spent.get(node) ?? 0;
  let best: { nodes: SpanNode[]; spentMs: number } | null = null;
  for (const nodes of groups.values()) {
    const spentMs = nodes.reduce((all, node) => all + of(node), 0);
    if (best === null || spentMs > best.spentMs) best = { nodes, spentMs };
  }
  if (best === null || best.spentMs <= 0 || durationMs <= 0) return null;
  const calls = best.nodes.length;
  return {
    node: best.nodes.reduce((most, node) => (of(node) > of(most) ? node : most)),
    spentMs: best.spentMs, ofMs: durationMs, calls,
    before: `${amountOf(best.spentMs, durationMs)} ${calls === 1 ? 'are spent in ' : `are spent in ${calls} calls of `}`,
    after: calls === 1 ? ' itself' : ', one after another',
  };
}
