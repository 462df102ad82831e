// The waterfall. Only the rows near the view are in the document, so 10 000 spans scroll like ten. One place holds the focus; the
// arrow keys move the selection: up and down by a row, right opens, left closes or goes to the parent.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Piece } from '../../logic/critical_path';
import { inOrder, type SpanNode, type Tree } from '../../logic/tree';
import { rowWindow, scrollFor } from '../../logic/window_rows';
import { TimeRuler } from './time_ruler';
import { moveOf } from './waterfall_keys';
import { rowId, WaterfallRow } from './waterfall_row';

export const ROW_HEIGHT = 26;
const FIGURE_PX = 56;  // what a duration beside its bar takes; the bars have about half of the width

type Props = {
  tree: Tree; pieces: readonly Piece[]; bottleneck: SpanNode | null; selected: SpanNode | null;
  onSelect: (node: SpanNode) => void;
};

function piecesByNode(pieces: readonly Piece[]): Map<SpanNode, Piece[]> {
  const map = new Map<SpanNode, Piece[]>();
  for (const piece of pieces) {
    const known = map.get(piece.node);
    if (known === undefined) map.set(piece.node, [piece]); else known.push(piece);
  }
  return map;
}

// What can be seen of the scrolled box, kept up to date.
function useView(box: { current: HTMLElement | null }) {
  const [view, setView] = useState({ top: 0, height: 600, width: 800 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight, width: element.clientWidth });
    const resized = new ResizeObserver(read);
    resized.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, []);
  return view;
}

export function Waterfall({ tree, pieces, bottleneck, selected, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<SpanNode>>(new Set());
  const view = useView(box);
  const rows = useMemo(() => inOrder(tree.roots, (node) => !closed.has(node)), [tree, closed]);
  const critical = useMemo(() => piecesByNode(pieces), [pieces]);
  const at = selected === null ? -1 : rows.indexOf(selected);
  const { first, last } = rowWindow(view.top, view.height, ROW_HEIGHT, rows.length);

  const setOpen = (node: SpanNode, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(node); else next.add(node);
    setClosed(next);
  };
  const show = (index: number) => {
    const element = box.current;
    if (element !== null) element.scrollTop = scrollFor(index, element.scrollTop, element.clientHeight - ROW_HEIGHT, ROW_HEIGHT);
  };
  useEffect(() => { if (at >= 0) show(at); }, [selected, at]);

  const keyDown = (event: KeyboardEvent) => {
    const move = moveOf(event.key, rows, at, (node) => !closed.has(node), Math.floor(view.height / ROW_HEIGHT) - 2);
    if (move === null) return;
    event.preventDefault();
    if (move.open !== undefined) setOpen(move.node, move.open);
    onSelect(move.node);
  };

  return (
    <section class="panel waterfall-panel" aria-label="Waterfall">
      <div class="waterfall-tools">
        <span class="note"><span class="critical-sample" aria-hidden="true" /> critical path: what the whole trace waited for</span>
        <button type="button" class="quiet" onClick={() => setClosed(new Set())} disabled={closed.size === 0}>Open all</button>
        <button type="button" class="quiet" onClick={() => setClosed(new Set(inOrder(tree.roots).filter((node) => node.depth > 0 && node.children.length > 0)))}>Close all</button>
      </div>
      <div class="waterfall" ref={box} role="treegrid" aria-label="Spans" aria-readonly tabIndex={0} aria-rowcount={rows.length + 1}
        aria-activedescendant={at >= first && at < last ? rowId(at) : undefined} onKeyDown={keyDown}>
        <TimeRuler durationMs={tree.endMs - tree.startMs} />
        <div class="waterfall-rows" role="rowgroup" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
          {rows.slice(first, last).map((node, offset) => (
            <WaterfallRow key={first + offset} node={node} index={first + offset} tree={tree} room={FIGURE_PX / (view.width / 2)} pieces={critical.get(node)}
              open={!closed.has(node)} selected={node === selected} bottleneck={node === bottleneck} onSelect={onSelect} onOpen={setOpen} />
          ))}
        </div>
      </div>
    </section>
  );
}
