// One pipeline from left to right (from top to bottom on a phone): stages, and between them what flows each second.

import type { Flow, Pipeline } from '../../api/types';
import { sum, type FlowRates } from '../../logic/rates';
import { Name } from '../../parts/name';
import { DecisionStage } from './decision_stage';
import { Edge } from './edge';
import { ExporterStage } from './exporter_stage';
import { ReceiverStage } from './receiver_stage';
import { TableStage } from './table_stage';

type Props = { flow: Flow; pipeline: Pipeline; rates: FlowRates | null };

// Bytes are counted where they come in. Behind the table they are what its spans weigh on average.
function bytesPerSpan(pipeline: Pipeline): number | null {
  return pipeline.in_table_spans > 0 ? pipeline.in_table_bytes / pipeline.in_table_spans : null;
}

function times(a: number | null | undefined, b: number | null): number | null {
  return a === null || a === undefined || b === null ? null : a * b;
}

export function LinePicture({ flow, pipeline, rates }: Props) {
  const mine = rates?.pipelines.get(pipeline.id) ?? null;
  const receivers = flow.receivers.filter((receiver) => pipeline.receivers.includes(receiver.id));
  const exporters = flow.exporters.filter((exporter) => pipeline.exporters.includes(exporter.id));
  const weight = bytesPerSpan(pipeline);
  const decided = mine === null ? null : sum([mine.kept, mine.droppedByPolicy]);
  const inBytes = sum(receivers.map((receiver) => rates?.receivers.get(receiver.id)?.bytes ?? null));
  const id = `line-${pipeline.id.slice(0, 80).replace(/\W+/g, '-')}`;
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head"><h2 id={id}>Pipeline <Name text={pipeline.id} /></h2></header>
      <ol class={`line ${pipeline.processor === null ? 'direct' : ''}`}>
        <li class="stage-group">
          {receivers.map((receiver) => <ReceiverStage key={receiver.id} receiver={receiver} rates={rates?.receivers.get(receiver.id) ?? null} />)}
        </li>
        <Edge label="received" spans={mine?.accepted ?? null} bytes={inBytes} />
        {pipeline.processor !== null && (
          <>
            <li class="stage-group"><TableStage pipeline={pipeline} rates={mine} memory={flow.memory} /></li>
            <Edge label="decided" spans={decided} bytes={times(decided, weight)} estimated />
            <li class="stage-group"><DecisionStage pipeline={pipeline} rates={mine} /></li>
            <Edge label="kept" spans={mine?.kept ?? null} bytes={times(mine?.kept, weight)} estimated />
          </>
        )}
        <li class="stage-group">
          {exporters.map((exporter) => <ExporterStage key={exporter.id} exporter={exporter} rates={rates?.exporters.get(exporter.id) ?? null} />)}
        </li>
      </ol>
    </section>
  );
}
