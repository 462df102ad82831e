// What a key means in the waterfall, as the ARIA practices have it for a treegrid.

import type { SpanNode } from '../../logic/tree';

export type Move = { node: SpanNode; open?: boolean };

function parentIn(rows: readonly SpanNode[], at: number): SpanNode | undefined {
  const depth = rows[at]?.depth ?? 0;
  for (let i = at - 1; i >= 0; i -= 1) if ((rows[i]?.depth ?? 0) < depth) return rows[i];
  return undefined;
}

// `at` is the selected row, or -1. Null: the key means nothing here.
export function moveOf(key: string, rows: readonly SpanNode[], at: number, isOpen: (node: SpanNode) => boolean, page: number): Move | null {
  const to = (index: number): Move | null => {
    const node = rows[Math.max(0, Math.min(rows.length - 1, index))];
    return node === undefined ? null : { node };
  };
  const node = rows[at];
  const opened = node !== undefined && node.children.length > 0 && isOpen(node);
  switch (key) {
    case 'ArrowDown': return to(at + 1);
    case 'ArrowUp': return to(at - 1);
    case 'PageDown': return to(at + page);
    case 'PageUp': return to(at - page);
    case 'Home': return to(0);
    case 'End': return to(rows.length - 1);
    case 'ArrowRight':
      if (node === undefined || node.children.length === 0) return null;
      return opened ? to(at + 1) : { node, open: true };
    case 'ArrowLeft': {
      if (node === undefined) return null;
      if (opened) return { node, open: false };
      const parent = parentIn(rows, at);
      return parent === undefined ? null : { node: parent };
    }
    case 'Enter':
    case ' ':
      return node === undefined || node.children.length === 0 ? null : { node, open: !opened };
    default: return null;
  }
}
