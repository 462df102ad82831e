// The exporters: how each backend is, what waits for it, what went wrong last.

import { useRef } from 'preact/hooks';
import type { Exporter, Flow } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { flowRates, type ExporterRates } from '../../logic/rates';
import { Empty, Waiting } from '../../parts/notice';
import { Backend } from './backend';

// The last two answers make the rates.
type Pair = { now: Flow | null; before: Flow | null };

function worstFirst(a: Exporter, b: Exporter): number {
  const rank = { down: 0, probing: 1, healthy: 2 };
  return (rank[a.state] ?? 1) - (rank[b.state] ?? 1);
}

export function BackendsView() {
  const pair = useRef<Pair>({ now: null, before: null });
  const { value, problem } = usePoll<Flow>('api/v1/flow', 1000, (flow) => { pair.current = { now: flow, before: pair.current.now }; });
  if (value === null) return <Waiting problem={problem} />;
  const rates: Map<string, ExporterRates> = flowRates(value, pair.current.before).exporters;
  return (
    <>
      <h1>Backends</h1>
      {value.exporters.length === 0 && <Empty title="No exporter is configured." />}
      <div class="cards">
        {[...value.exporters].sort(worstFirst).map((exporter) => <Backend key={exporter.id} exporter={exporter} rates={rates.get(exporter.id) ?? null} />)}
      </div>
    </>
  );
}
