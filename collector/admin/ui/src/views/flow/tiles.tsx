// What must be seen at a glance: is anything lost, is anything full, is anything late.

import type { ComponentChildren } from 'preact';
import type { Flow } from '../../api/types';
import { formatBytes, formatDuration, formatExact, formatPercent } from '../../logic/format';
import { worstLag } from '../../logic/history';
import { visible } from '../../logic/text';
import { Meter, toneOf } from '../../parts/meter';

function Tile({ label, value, tone = '', children }: { label: string; value: string; tone?: string; children?: ComponentChildren }) {
  return (
    <div class="tile">
      <dt class="label">{label}</dt>
      <dd><span class={`tile-value ${tone}`}>{value}</span>{children}</dd>
    </div>
  );
}

const STRESS_NAMES: Record<string, string> = {
  exporter_queue: 'exporter queue', num_traces: 'number of traces', span_memory: 'span memory', buffers: 'request buffers',
};

export function Tiles({ flow }: { flow: Flow }) {
  const residual = flow.ledger.reduce((sum, line) => sum + Math.abs(line.residual), 0);
  const memory = flow.memory.budget_bytes > 0 ? flow.memory.rss_bytes / flow.memory.budget_bytes : null;
  const lag = worstLag(flow);
  const stress = Object.entries(flow.stress).sort((a, b) => b[1] - a[1]);
  const [worst, level] = stress[0] ?? ['', null];
  return (
    <dl class="tiles">
      <Tile label="Spans unaccounted for" value={formatExact(residual)} tone={residual === 0 ? 'good-text' : 'bad-text'}>
        <span class="note">{residual === 0 ? 'every span has a known fate' : 'see the ledger below'}</span>
      </Tile>
      <Tile label="Memory of budget" value={formatPercent(memory)}>
        <Meter share={memory} tone={toneOf(memory ?? 0)} />
        <span class="note">{formatBytes(flow.memory.rss_bytes)} of {formatBytes(flow.memory.budget_bytes)}, spans {formatBytes(flow.memory.table_bytes)}</span>
      </Tile>
      <Tile label="Decision lag p99" value={formatDuration(lag?.p99 ?? null)}>
        <span class="note">after the decision wait; p50 {formatDuration(lag?.p50 ?? null)}</span>
      </Tile>
      <Tile label="Stress" value={formatPercent(level ?? null)}>
        <Meter share={level ?? null} tone={toneOf(level ?? 0)} />
        <span class="note">{worst === '' ? 'nothing measured' : `most in: ${STRESS_NAMES[worst] ?? visible(worst, 60)}`}</span>
      </Tile>
    </dl>
  );
}
