import { formatCount, formatDuration, formatPercent, formatRate } from '../../logic/format';
import type { ServiceRow } from '../../logic/impact';
import type { Column } from '../../parts/data_table';
import { Meter } from '../../parts/meter';
import { ServiceTag } from '../../parts/service_tag';

const COUNTED: readonly Column<ServiceRow>[] = [
  { key: 'service', label: 'Service', value: (r) => r.service, cell: (r) => <ServiceTag service={r.service} /> },
  { key: 'operations', label: 'Operations', number: true, value: (r) => r.operations, cell: (r) => formatCount(r.operations) },
  { key: 'calls', label: 'Calls', number: true, value: (r) => r.callsPerSecond, cell: (r) => formatRate(r.callsPerSecond) },
  { key: 'time', label: 'Time', hint: 'Calls × duration, and its share of all', number: true, value: (r) => r.total_ms,
    cell: (r) => <span class="with-meter"><Meter share={r.timeShare} /><span>{formatPercent(r.timeShare)}</span><span class="note">{formatDuration(r.total_ms)}</span></span> },
  { key: 'errors', label: 'Errors', number: true, value: (r) => r.errorShare,
    cell: (r) => <span class={(r.errorShare ?? 0) > 0 ? 'bad-text' : 'note'}>{formatPercent(r.errorShare)}</span> },
  { key: 'counted', label: 'Counted', hint: 'Calls counted before sampling', number: true, value: (r) => r.calls, cell: (r) => formatCount(r.calls) },
];

const ESTIMATED: readonly Column<ServiceRow>[] = [
  { key: 'estimated', label: 'Estimated', hint: 'The same, reckoned from the kept traces by their weights', number: true, value: (r) => r.estimated_calls, cell: (r) => formatCount(r.estimated_calls) },
  { key: 'off', label: 'Off by', hint: 'How far the estimate is from the count', number: true, value: (r) => r.estimate_error_ratio,
    cell: (r) => <span class={Math.abs(r.estimate_error_ratio ?? 0) > 0.1 ? 'warn-text' : ''}>{formatPercent(r.estimate_error_ratio)}</span> },
];

export function serviceColumns(rows: readonly ServiceRow[]): readonly Column<ServiceRow>[] {
  return rows.some((row) => row.estimated_calls !== null) ? [...COUNTED, ...ESTIMATED] : COUNTED;
}
