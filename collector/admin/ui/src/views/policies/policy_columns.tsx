import type { PipelinePolicies, PolicyCount } from '../../api/types';
import { formatCount, formatDuration, formatPercent } from '../../logic/format';
import { formatRoute } from '../../logic/route';
import type { Column } from '../../parts/data_table';
import { Meter } from '../../parts/meter';
import { Name } from '../../parts/name';

export type PolicyRow = PolicyCount & { order: number };

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

export function policyColumns({ decided_traces: decided, kept_traces: kept, policies }: PipelinePolicies): Column<PolicyRow>[] {
  const cpu = policies.reduce((sum, policy) => sum + policy.cpu_ms, 0);
  return [
    { key: 'order', label: 'Policy', value: (r) => r.order,
      cell: (r) => <a href={formatRoute('traces', { policy: r.name })}><Name text={r.name} strong /></a> },
    { key: 'type', label: 'Type', value: (r) => r.type, cell: (r) => <span class="note"><Name text={r.type} /></span> },
    { key: 'keeps', label: 'Votes to keep', number: true, value: (r) => r.sampled, cell: (r) => formatCount(r.sampled) },
    { key: 'share', label: 'Of all traces', hint: 'Share of the decided traces that it votes to keep', number: true, value: (r) => share(r.sampled, decided),
      cell: (r) => <span class="with-meter"><Meter share={share(r.sampled, decided)} tone="good" /><span>{formatPercent(share(r.sampled, decided))}</span></span> },
    { key: 'kept', label: 'Of kept', hint: 'Share of the kept traces that it has a vote in', number: true, value: (r) => share(r.sampled, kept), cell: (r) => formatPercent(share(Math.min(r.sampled, kept), kept)) },
    { key: 'no', label: 'No', number: true, value: (r) => r.not_sampled, cell: (r) => formatCount(r.not_sampled) },
    { key: 'drops', label: 'Drops', number: true, value: (r) => r.dropped, cell: (r) => formatCount(r.dropped) },
    { key: 'errors', label: 'Errors', number: true, value: (r) => r.errors, cell: (r) => <span class={r.errors > 0 ? 'bad-text' : 'note'}>{formatCount(r.errors)}</span> },
    { key: 'cpu', label: 'CPU', hint: 'Time spent deciding, since start', number: true, value: (r) => r.cpu_ms,
      cell: (r) => <span class="with-meter"><Meter share={share(r.cpu_ms, cpu)} /><span>{formatDuration(r.cpu_ms)}</span></span> },
    { key: 'each', label: 'A decision', hint: 'CPU time for each decided trace', number: true, value: (r) => share(r.cpu_ms, decided), cell: (r) => formatDuration(share(r.cpu_ms, decided)) },
  ];
}
