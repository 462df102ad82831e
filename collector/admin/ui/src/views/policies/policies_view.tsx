// What each policy keeps and what it costs.

import { useState } from 'preact/hooks';
import type { PipelinePolicies, Policies } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { formatCount, formatDuration, formatPercent } from '../../logic/format';
import { visible } from '../../logic/text';
import { DataTable, type Sorting } from '../../parts/data_table';
import { Empty, Waiting } from '../../parts/notice';
import { Panel } from '../../parts/panel';
import { OverlapMatrix } from './overlap_matrix';
import { policyColumns } from './policy_columns';

const EVERY_MS = 2000;

function OnePipeline({ pipeline }: { pipeline: PipelinePolicies }) {
  const [sorting, setSorting] = useState<Sorting>({ key: 'order', direction: 'ascending' });
  const kept = pipeline.decided_traces > 0 ? pipeline.kept_traces / pipeline.decided_traces : null;
  const rows = pipeline.policies.map((policy, order) => ({ ...policy, order }));
  return (
    <Panel title={`${pipeline.pipeline}: ${pipeline.processor}`} note={
      <>{formatPercent(kept)} of {formatCount(pipeline.decided_traces)} traces kept, {formatDuration(pipeline.decision_wait_ms)} decision wait</>}>
      <DataTable label={`Policies of ${visible(pipeline.pipeline, 80)}`} columns={policyColumns(pipeline)} rows={rows} rowKey={(row) => `${row.order}`} sorting={sorting} onSort={setSorting} />
      {pipeline.overlap === null ? <p class="note">There are too many policies for a table of overlaps.</p>
        : <OverlapMatrix names={pipeline.policies.map((policy) => policy.name)} overlap={pipeline.overlap} />}
    </Panel>
  );
}

export function PoliciesView() {
  const { value, problem } = usePoll<Policies>('api/v1/policies', EVERY_MS);
  if (value === null) return <Waiting problem={problem} />;
  return (
    <>
      <h1>Policies</h1>
      {value.pipelines.length === 0 && <Empty title="No pipeline samples by policy."><p class="note">Add a <code>tail_sampling</code> processor to a pipeline of the configuration.</p></Empty>}
      {value.pipelines.map((pipeline) => <OnePipeline key={`${pipeline.pipeline} ${pipeline.processor}`} pipeline={pipeline} />)}
    </>
  );
}
