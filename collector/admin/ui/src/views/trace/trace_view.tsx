// One trace: where its time went, and why it was kept or dropped.

import { useMemo, useState } from 'preact/hooks';
import type { Why } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { findBottleneck } from '../../logic/bottleneck';
import { criticalPath, type Piece } from '../../logic/critical_path';
import type { Params } from '../../logic/route';
import { readTrace, type Trace } from '../../logic/spans';
import { buildTree, type SpanNode, type Tree } from '../../logic/tree';
import { Empty, Failure, Loading } from '../../parts/notice';
import { BottleneckLine } from './bottleneck_line';
import { SpanDetails } from './span_details';
import { TraceHead } from './trace_head';
import { Waterfall } from './waterfall';
import { WhyPanel } from './why_panel';

const ID = /^[0-9a-f]{32}$/i;

export type Reading = { trace: Trace; tree: Tree; pieces: Piece[] };

// The longest tree carries the path: the others hang in the air.
function read(body: unknown): Reading {
  const trace = readTrace(body);
  const tree = buildTree(trace.spans);
  const main = tree.roots.reduce<SpanNode | null>((longest, root) => (
    longest === null || root.span.durationMs > longest.span.durationMs ? root : longest), null);
  return { trace, tree, pieces: main === null ? [] : criticalPath(main) };
}

function Spans({ reading, span: wanted }: { reading: Reading; span: string }) {
  const { tree, pieces } = reading;
  const bottleneck = useMemo(() => findBottleneck(pieces, tree.endMs - tree.startMs), [reading]);
  const linked = useMemo(() => reading.tree.roots.length > 0 ? findSpan(tree, wanted) : null, [reading, wanted]);
  const [chosen, choose] = useState<SpanNode | null>(null);
  const selected = chosen ?? linked ?? bottleneck?.node ?? tree.roots[0] ?? null;
  return (
    <>
      <BottleneckLine bottleneck={bottleneck} onShow={choose} />
      <Waterfall tree={tree} pieces={pieces} bottleneck={bottleneck?.node ?? null} selected={selected} onSelect={choose} />
      {selected !== null && <SpanDetails node={selected} traceStartUnixMs={reading.trace.startUnixMs} />}
    </>
  );
}

function findSpan(tree: Tree, id: string): SpanNode | null {
  if (id === '') return null;
  const waiting = [...tree.roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.span.id === id) return node;
    waiting.push(...node.children);
  }
  return null;
}

export function TraceView({ id, params }: { id: string; params: Params }) {
  const valid = ID.test(id);
  const [undecided, setUndecided] = useState(false);
  const every = undecided ? 1000 : 0;
  const why = usePoll<Why>(valid ? `api/v1/why/${id}` : null, every, (value) => setUndecided(value.answers.some((a) => a.state === 'undecided')));
  const spans = usePoll<unknown>(valid ? `api/v1/traces/${id}?format=otlp` : null, every);
  const reading = useMemo(() => (spans.value === null ? null : read(spans.value)), [spans.value]);
  if (!valid) {
    return <><h1>Trace</h1><Empty title="This is no trace id."><p class="note">An id has 32 hexadecimal digits. <a href="#/traces">Back to the traces</a></p></Empty></>;
  }
  const gone = spans.problem?.status === 404;
  return (
    <>
      <TraceHead id={id} reading={reading} />
      <div class="trace-columns">
        <div class="trace-main">
          {reading !== null && <Spans reading={reading} span={params.span ?? ''} />}
          {gone && <Empty title="The spans of this trace are not here.">
            <p class="note">The daemon keeps the spans of recent traces while there is room. What is still known stands under “Why”.</p></Empty>}
          {spans.problem !== null && !gone && reading === null && <Failure problem={spans.problem} />}
          {spans.problem === null && reading === null && <Loading />}
        </div>
        <WhyPanel why={why.value} problem={why.problem} />
      </div>
    </>
  );
}
