// What costs most in all: calls times time, of all traffic before sampling, against an earlier window.

import { useState } from 'preact/hooks';
import type { Baselines } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { formatExact, formatPercent } from '../../logic/format';
import { impactRows, serviceRows } from '../../logic/impact';
import type { Params } from '../../logic/route';
import { DataTable, formatSorting, parseSorting, type Sorting } from '../../parts/data_table';
import { FirstSteps } from '../../parts/first_steps';
import { Empty, Waiting } from '../../parts/notice';
import { goTo } from '../../parts/use_route';
import { impactColumns } from './impact_columns';
import { ImpactControls, windowOf } from './impact_controls';
import { SERVICE_COLUMNS } from './service_columns';

const EVERY_MS = 5000;
const ROWS_SHOWN = 200;
const BY_TIME: Sorting = { key: 'time', direction: 'descending' };

function pathOf(windowS: number, agoS: number): string {
  return `api/v1/baselines?window_s=${windowS}&ago_s=${agoS}`;
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
      {earlier.problem !== null && agoS !== null && <p class="note" role="status">No comparison: <bdi>{earlier.problem.text}</bdi></p>}
      {value !== null && count === 0 && (wanted === '' ? <><Empty title="No calls in this window." /><FirstSteps /></> : <Empty title="Nothing of that name." />)}
      {count > 0 && (byService
        ? <DataTable label="Impact by service" columns={SERVICE_COLUMNS} rows={services} rowKey={(row) => row.service} sorting={sorting} onSort={sort} max={max} />
        : <DataTable label="Impact by operation" columns={impactColumns(agoS !== null)} rows={rows} rowKey={(row) => row.key} sorting={sorting} onSort={sort} max={max} />)}
      {count > max && <p class="table-foot"><span class="note">{max} of {formatExact(count)}</span><button type="button" onClick={() => setMax(max + ROWS_SHOWN)}>More</button></p>}
      {value !== null && (
        <p class="note">
          {value.exact ? 'Counts are exact.' : 'The window is not fully covered yet.'} Percentiles are within {formatPercent(value.error)}.
          {value.overflow_calls > 0 && <span class="warn-text"> {formatExact(value.overflow_calls)} calls of further operations are counted together.</span>}
        </p>
      )}
    </>
  );
}
