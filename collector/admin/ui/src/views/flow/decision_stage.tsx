import type { Pipeline } from '../../api/types';
import { formatCount, formatDuration, formatPercent, formatRate } from '../../logic/format';
import { total, type PipelineRates } from '../../logic/rates';
import { Meter } from '../../parts/meter';
import { ifAny, Stage } from './stage';

export function DecisionStage({ pipeline, rates }: { pipeline: Pipeline; rates: PipelineRates | null }) {
  const decided = pipeline.sampled_traces + pipeline.not_sampled_traces + pipeline.dropped_traces;
  const kept = decided > 0 ? pipeline.sampled_traces / decided : null;
  const lost = total(pipeline.dropped_spans);
  return (
    <Stage kind="Decision" name={pipeline.processor ?? ''} facts={[
      { label: 'traces kept', value: formatPercent(kept), hint: `${formatCount(pipeline.sampled_traces)} of ${formatCount(decided)} since start` },
      { label: 'decisions', value: formatRate(rates?.decidedTraces ?? null) },
      { label: 'dropped by policy', value: formatRate(rates?.droppedByPolicy ?? null), hint: `${formatCount(pipeline.dropped_by_policy_spans)} spans since start` },
      { label: 'lag p99', value: formatDuration(pipeline.decision_lag_ms?.p99 ?? null), hint: 'How long after its wait a trace was decided' },
      { label: 'late spans', value: formatRate(rates?.late ?? null), hint: 'Came after the decision and followed it' },
      ...ifAny('dropped', lost, `${formatCount(lost)} spans`, 'bad-text', Object.entries(pipeline.dropped_spans).map(([why, n]) => `${why}: ${n}`).join(', ')),
    ]}>
      <Meter share={kept} tone="good" />
    </Stage>
  );
}
