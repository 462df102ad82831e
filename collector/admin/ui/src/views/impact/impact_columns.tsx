import type { ComponentChildren } from 'preact';
import { formatChange, formatDuration, formatPercent, formatRate } from '../../logic/format';
import type { ImpactRow } from '../../logic/impact';
import type { Column } from '../../parts/data_table';
import { Meter } from '../../parts/meter';
import { Name } from '../../parts/name';
import { ServiceTag } from '../../parts/service_tag';

type Measure = { key: string; label: string; hint: string; now: (row: ImpactRow) => number | null; before: (row: ImpactRow) => number | null;
  cell: (row: ImpactRow) => ComponentChildren };

const WORSE = 0.1;  // a change that is worth a colour

function Change({ now, before }: { now: number | null; before: number | null }) {
  const change = now !== null && before !== null && before > 0 ? (now - before) / before : 0;
  return <span class={change > WORSE ? 'bad-text' : change < -WORSE ? 'good-text' : 'note'}>{formatChange(now, before)}</span>;
}

const MEASURES: readonly Measure[] = [
  { key: 'calls', label: 'Calls', hint: 'Calls each second', now: (r) => r.callsPerSecond, before: (r) => r.before?.callsPerSecond ?? null, cell: (r) => formatRate(r.callsPerSecond) },
  { key: 'time', label: 'Time', hint: 'Calls × duration, and its share of all', now: (r) => r.total_ms, before: (r) => r.before?.total_ms ?? null,
    cell: (r) => <span class="with-meter"><Meter share={r.timeShare} /><span>{formatPercent(r.timeShare)}</span><span class="note">{formatDuration(r.total_ms)}</span></span> },
  { key: 'errors', label: 'Errors', hint: 'Share of calls with status error', now: (r) => r.errorShare, before: (r) => r.before?.errorShare ?? null,
    cell: (r) => <span class={(r.errorShare ?? 0) > 0 ? 'bad-text' : 'note'}>{formatPercent(r.errorShare)}</span> },
  { key: 'p50', label: 'p50', hint: 'Half of the calls are faster', now: (r) => r.p50_ms, before: (r) => r.before?.p50_ms ?? null, cell: (r) => formatDuration(r.p50_ms) },
  { key: 'p95', label: 'p95', hint: '95 of 100 calls are faster', now: (r) => r.p95_ms, before: (r) => r.before?.p95_ms ?? null, cell: (r) => formatDuration(r.p95_ms) },
  { key: 'p99', label: 'p99', hint: '99 of 100 calls are faster', now: (r) => r.p99_ms, before: (r) => r.before?.p99_ms ?? null, cell: (r) => formatDuration(r.p99_ms) },
];

function changeValue({ now, before }: Measure, row: ImpactRow): number | null {
  const [value, old] = [now(row), before(row)];
  return value === null || old === null || old === 0 ? null : value / old;
}

function changeColumn(measure: Measure): Column<ImpactRow> {
  return {
    key: `${measure.key}-change`, label: `Δ ${measure.label}`, hint: `${measure.label}: change against the earlier window`, number: true,
    value: (row) => changeValue(measure, row), cell: (row) => <Change now={measure.now(row)} before={measure.before(row)} />,
  };
}

export function impactColumns(compared: boolean): Column<ImpactRow>[] {
  return [
    { key: 'operation', label: 'Operation', value: (r) => `${r.service} ${r.operation} ${r.kind}`,
      cell: (r) => <span class="operation"><ServiceTag service={r.service} /><Name text={r.operation} strong /><span class="note"><Name text={r.kind} /></span></span> },
    ...MEASURES.flatMap((measure): Column<ImpactRow>[] => {
      const column: Column<ImpactRow> = { key: measure.key, label: measure.label, hint: measure.hint, number: true, value: measure.now, cell: measure.cell };
      return compared ? [column, changeColumn(measure)] : [column];
    }),
  ];
}
