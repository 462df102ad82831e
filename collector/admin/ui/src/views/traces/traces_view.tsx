// Kept and dropped traces, newest first. The filters are in the address.

import type { Params } from '../../logic/route';
import { FirstSteps } from '../../parts/first_steps';
import { Empty, Failure, Loading } from '../../parts/notice';
import { goTo } from '../../parts/use_route';
import { Filters } from './filters';
import { TraceTable } from './trace_table';
import { queryOf, useTraceRows } from './use_trace_rows';

export function TracesView({ params }: { params: Params }) {
  const live = params.live !== 'off';
  const query = queryOf(params);
  const { rows, problem, older, loadingOlder } = useTraceRows(query, live);
  const filtered = query !== '';
  return (
    <>
      <h1>Traces</h1>
      <Filters params={params} live={live} traces={rows?.traces ?? []} />
      {problem !== null && (rows === null || problem.kind === 'refused') && <Failure problem={problem} />}
      {rows === null && problem === null && <Loading />}
      {rows !== null && rows.traces.length === 0 && (filtered
        ? <Empty title="No trace matches.">
            <p class="note">The daemon holds the most recent decisions only. <button type="button" class="quiet" onClick={() => goTo('traces')}>Clear the filters</button></p>
          </Empty>
        : <><Empty title="No decision yet."><p class="note">A trace is decided when its decision wait is over; then it shows here.</p></Empty><FirstSteps /></>)}
      {rows !== null && rows.traces.length > 0 && (
        <>
          <TraceTable traces={rows.traces} />
          <p class="table-foot" role="status">
            <span class="note">{rows.traces.length} traces shown{rows.truncated ? '; the search stopped early, older ones go on from there' : ''}</span>
            {rows.next !== null && <button type="button" onClick={older} disabled={loadingOlder}>{loadingOlder ? 'Loading …' : 'Older'}</button>}
          </p>
        </>
      )}
    </>
  );
}
