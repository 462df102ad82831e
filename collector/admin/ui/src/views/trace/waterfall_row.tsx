import type { Piece } from '../../logic/critical_path';
import { formatDuration } from '../../logic/format';
import { hueOf } from '../../logic/hue';
import { selfTime } from '../../logic/self_time';
import { endOf, type SpanNode, type Tree } from '../../logic/tree';
import { Name } from '../../parts/name';
import { ROW_HEIGHT } from './waterfall';

const INDENT_PX = 12;
const INDENT_MAX = 14;  // deeper ones would push the name out of sight

export function rowId(index: number): string { return `span-row-${index}`; }

type Props = {
  node: SpanNode; index: number; tree: Tree; pieces: readonly Piece[] | undefined; room: number; open: boolean; selected: boolean; bottleneck: boolean;
  onSelect: (node: SpanNode) => void; onOpen: (node: SpanNode, open: boolean) => void;
};

function place(tree: Tree, startMs: number, endMs: number) {
  const whole = Math.max(tree.endMs - tree.startMs, 1e-9);
  return { left: `${((startMs - tree.startMs) / whole) * 100}%`, width: `${((endMs - startMs) / whole) * 100}%` };
}

function Bar({ node, tree, pieces, room }: Pick<Props, 'node' | 'tree' | 'pieces' | 'room'>) {
  const { span } = node;
  // The figure stands beside the bar, on the side where there is room.
  const before = (span.startMs - tree.startMs) / Math.max(tree.endMs - tree.startMs, 1e-9);
  const after = (tree.endMs - endOf(span)) / Math.max(tree.endMs - tree.startMs, 1e-9);
  const side = after >= room ? 'right' : before >= room ? 'left' : 'inside';
  return (
    <>
      <span class="bar" style={place(tree, span.startMs, endOf(span))} />
      {pieces?.map((piece) => <span key={piece.startMs} class="critical" style={place(tree, piece.startMs, piece.endMs)} aria-hidden="true" />)}
      <span class={`bar-figure ${side}`} style={side === 'left' ? { right: `${(1 - before) * 100}%` } : { left: `${(side === 'right' ? 1 - after : before) * 100}%` }}>
        {formatDuration(span.durationMs)}
      </span>
    </>
  );
}

export function WaterfallRow({ node, index, tree, pieces, room, open, selected, bottleneck, onSelect, onOpen }: Props) {
  const { span } = node;
  const many = node.children.length > 0;
  return (
    <div id={rowId(index)} class={`waterfall-row body hue-${hueOf(span.service)} ${selected ? 'selected' : ''} ${bottleneck ? 'is-bottleneck' : ''}`} role="row"
      aria-rowindex={index + 2} aria-level={node.depth + 1} aria-expanded={many ? open : undefined} aria-selected={selected}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }} onClick={() => onSelect(node)}>
      <span class="cell-name" role="gridcell" style={{ paddingLeft: `${8 + Math.min(node.depth, INDENT_MAX) * INDENT_PX}px` }}>
        <span class={`fold ${many ? '' : 'leaf'}`} aria-hidden="true" onClick={(event) => {
          if (!many) return;
          event.stopPropagation();
          onOpen(node, !open);
        }}>{many ? (open ? '▾' : '▸') : ''}</span>
        {span.error && <span class="error-mark"><span aria-hidden="true">!</span><span class="hidden">error</span></span>}
        {bottleneck && <span class="bottleneck-mark" title="Bottleneck"><span aria-hidden="true">◆</span><span class="hidden">bottleneck</span></span>}
        <span class="row-service"><Name text={span.service} /></span> <Name text={span.operation} />
        {many && !open && <span class="note"> +{node.children.length}</span>}
        {node.orphan && <span class="note" title="Its parent is not here"> ⤫</span>}
      </span>
      <span class="cell-self" role="gridcell">{formatDuration(selfTime(node))}</span>
      <span class="cell-time" role="gridcell"><Bar node={node} tree={tree} pieces={pieces} room={room} /></span>
    </div>
  );
}
