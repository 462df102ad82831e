// What costs most in all: calls times time, of all traffic before sampling, against an earlier window.

import { useState } from 'preact/hooks';
import type { Baselines } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { formatDuration, formatExact, formatPercent, plural } from '../../logic/format';
import { impactRows, serviceRows } from '../../logic/impact';
import type { Params } from '../../logic/route';
import { DataTable, formatSorting, parseSorting, type Sorting } from '../../parts/data_table';
import { FirstSteps } from '../../parts/first_steps';
import { Empty, Waiting } from '../../parts/notice';
import { goTo } from '../../parts/use_route';
import { impactColumns } from './impact_columns';
import { ImpactControls, windowOf } from './impact_controls';
import { serviceColumns } from './service_columns';

const EVERY_MS = 5000;
const ROWS_SHOWN = 200;
const BY_TIME: Sorting = { key: 'time', direction: 'descending' };

function pathOf(windowS: number, agoS: number): string {
  return `api/v1/baselines?window_s=${windowS}&ago_s=${agoS}`;
}

// How far the figures can be trusted.
function Precision({ baselines }: { baselines: Baselines }) {
  const { exact, error, window_s: seconds, overflow_calls: overflow, rows_left_out: leftOut, unsketched_calls: unsketched } = baselines;
  return (
    <p class="note">
      The windows cover {formatDuration(seconds * 1000)}.{' '}
      {exact ? 'Counts are exact.' : 'So much comes in that one request in several is counted and stands for the others.'} Percentiles are within {formatPercent(error)}.
      {unsketched > 0 && ` They leave out ${plural(unsketched, 'call')}.`}
      {leftOut > 0 && ` ${plural(leftOut, 'operation')} that took least time are not listed.`}
      {overflow > 0 && <span class="warn-text"> {plural(overflow, 'call')} of further operations found no room.</span>}
    </p>
  );
}

export function ImpactView({ params }: { params: Params }) {
  const { windowS, agoS, byService } = windowOf(params);
  const now = usePoll<Baselines>(pathOf(windowS, 0), EVERY_MS);
  const earlier = usePoll<Baselines>(agoS === null ? null : pathOf(windowS, agoS), EVERY_MS);
  const [max, setMax] = useState(ROWS_SHOWN);
  const sorting = parseSorting(params.sort, BY_TIME);
  const sort = (wanted: Sorting) => goTo('impact', { ...params, sort: formatSorting(wanted) });
  const value = now.value;
  const wanted = (params.find ?? '').toLowerCase();
  const rows = value === null ? [] : impactRows(value, earlier.value).filter((row) => `${row.service} ${row.operation}`.toLowerCase().includes(wanted));
  const services = value === null ? [] : serviceRows(value).filter((row) => row.service.toLowerCase().includes(wanted));
  const count = byService ? services.length : rows.length;
  return (
    <>
      <h1>Impact</h1>
      <p class="lead">All traffic before sampling: time spent is calls × duration, so the top row is where making something faster helps most.</p>
      <ImpactControls params={params} />
      {value === null && <Waiting problem={now.problem} />}
      {earlier.value?.rows.length === 0 && <p class="note" role="status">No comparison: the daemon has no counts of that time.</p>}
      {earlier.problem !== null && agoS !== null && <p class="note" role="status">No comparison: <bdi>{earlier.problem.text}</bdi></p>}
      {value !== null && count === 0 && (wanted === '' ? <><Empty title="No calls in this window." /><FirstSteps /></> : <Empty title="Nothing of that name." />)}
      {count > 0 && (byService
        ? <DataTable label="Impact by service" columns={serviceColumns(services)} rows={services} rowKey={(row) => row.service} sorting={sorting} onSort={sort} max={max} />
        : <DataTable label="Impact by operation" columns={impactColumns(agoS !== null)} rows={rows} rowKey={(row) => row.key} sorting={sorting} onSort={sort} max={max} />)}
      {count > max && <p class="table-foot"><span class="note">{max} of {formatExact(count)}</span><button type="button" onClick={() => setMax(max + ROWS_SHOWN)}>More</button></p>}
      {value !== null && <Precision baselines={value} />}
    </>
  );
}
