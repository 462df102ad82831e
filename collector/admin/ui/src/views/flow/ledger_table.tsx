// The ledger: every span that was accepted, and what became of it. The last column has to be nothing.

import type { LedgerLine } from '../../api/types';
import { formatExact } from '../../logic/format';
import { DataTable, type Column } from '../../parts/data_table';
import { Name } from '../../parts/name';
import { Panel } from '../../parts/panel';

const figure = (key: keyof Omit<LedgerLine, 'exporter'>, label: string, hint: string): Column<LedgerLine> => ({
  key, label, hint, number: true, cell: (line) => formatExact(line[key]),
});

const COLUMNS: readonly Column<LedgerLine>[] = [
  { key: 'exporter', label: 'Exporter', cell: (line) => <Name text={line.exporter} /> },
  figure('accepted', 'Accepted', 'Spans taken by the receivers for this exporter'),
  figure('forwarded', 'Forwarded', 'Acknowledged by the backend'),
  figure('dropped_by_policy', 'Dropped by policy', 'Decided not to be kept'),
  figure('dropped', 'Dropped', 'Lost, with a reason'),
  figure('in_table', 'Waiting', 'In the table or on the way to or from it'),
  figure('queued', 'Queued', 'In the exporter’s queue'),
  figure('in_flight', 'In flight', 'Sent, not yet acknowledged'),
  { key: 'residual', label: 'Residual', number: true, hint: 'Accepted less all the others',
    cell: (line) => <span class={line.residual === 0 ? 'good-text' : 'bad-text'}>{formatExact(line.residual)}</span> },
];

export function LedgerTable({ lines }: { lines: readonly LedgerLine[] }) {
  return (
    <Panel title="Ledger" note="spans since start">
      <DataTable label="Spans by exporter" columns={COLUMNS} rows={lines} rowKey={(line) => line.exporter} />
    </Panel>
  );
}
