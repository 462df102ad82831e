import type { Memory, Pipeline } from '../../api/types';
import { formatBytes, formatCount, formatPercent, formatRate } from '../../logic/format';
import { total, type PipelineRates } from '../../logic/rates';
import { Meter, toneOf } from '../../parts/meter';
import { ifAny, Stage } from './stage';

export function TableStage({ pipeline, rates, memory }: { pipeline: Pipeline; rates: PipelineRates | null; memory: Memory }) {
  const share = memory.budget_bytes > 0 ? pipeline.in_table_bytes / memory.budget_bytes : 0;
  const early = total(pipeline.early_traces);
  return (
    <Stage kind="Table" name="waiting traces" facts={[
      { label: 'number', value: formatCount(pipeline.in_table_traces) },
      { label: 'spans', value: formatCount(pipeline.in_table_spans) },
      { label: 'bytes', value: formatBytes(pipeline.in_table_bytes), hint: `${formatPercent(share)} of the memory budget` },
      { label: 'new traces', value: formatRate(rates?.newTraces ?? null) },
      ...ifAny('decided early', early, formatCount(early), 'warn-text', Object.entries(pipeline.early_traces).map(([why, n]) => `${why}: ${n}`).join(', ')),
    ]}>
      <Meter share={share} tone={toneOf(share)} />
    </Stage>
  );
}
