// The straight line as a live picture: what comes in, waits, is decided, goes out.

import { useRef } from 'preact/hooks';
import type { Flow } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { FlowHistory } from '../../logic/history';
import { FirstSteps } from '../../parts/first_steps';
import { Waiting } from '../../parts/notice';
import { LedgerTable } from './ledger_table';
import { LinePicture } from './line_picture';
import { RecentPlots } from './recent_plots';
import { Tiles } from './tiles';

// Outlives the view, so that coming back finds the lines where they were.
const history = new FlowHistory();
const remember = (flow: Flow) => history.add(flow);

function hasSpans(flow: Flow): boolean {
  return flow.receivers.some((receiver) => receiver.transports.some((t) => t.accepted_spans + t.refused_spans + t.failed_spans > 0));
}

export function FlowView() {
  const { value, problem } = usePoll<Flow>('api/v1/flow', 1000, remember);
  const wasEmpty = useRef(false);
  if (value === null) return <Waiting problem={problem} />;
  wasEmpty.current ||= !hasSpans(value);
  const rates = history.rates();
  return (
    <>
      <h1>Flow</h1>
      {!hasSpans(value) && <FirstSteps />}
      {wasEmpty.current && hasSpans(value) && <p class="banner good" role="status">The first spans are here. <a href="#/traces">See the traces</a></p>}
      <Tiles flow={value} />
      {value.pipelines.map((pipeline) => <LinePicture key={pipeline.id} flow={value} pipeline={pipeline} rates={rates} />)}
      <RecentPlots points={history.line()} />
      <LedgerTable lines={value.ledger} />
    </>
  );
}
