// The rows of the list: the first page, newer ones while it is live, older ones when asked for.

import { useEffect, useRef, useState } from 'preact/hooks';
import { getJson, type Problem } from '../../api/fetch';
import type { TracePage } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { firstPage, withNewer, withOlder, type Rows } from '../../logic/pages';
import { formatQuery, type Params } from '../../logic/route';

const LIMIT = 50;
const LIMIT_NEWER = 200;
const FILTERS = ['decision', 'id', 'service', 'operation', 'status', 'min_ms', 'max_ms', 'policy', 'pipeline', 'attribute'];

// The filters among the parameters of the address, without what says nothing.
export function queryOf(params: Params): string {
  return formatQuery(Object.fromEntries(FILTERS.map((key) => [key, params[key] === 'any' ? '' : params[key] ?? '']))).slice(1);
}

function pathOf(query: string, more: string): string {
  return `api/v1/traces?${[query, more].filter((part) => part !== '').join('&')}`;
}

export type TraceRows = { rows: Rows | null; problem: Problem | null; older: () => void; loadingOlder: boolean };

type Held = { query: string; rows: Rows | null };

export function useTraceRows(query: string, live: boolean): TraceRows {
  const held = useRef<Held>({ query, rows: null });
  if (held.current.query !== query) held.current = { query, rows: null };
  const mine = held.current;
  const [, redraw] = useState(0);
  const [loadingOlder, setLoadingOlder] = useState(false);
  const leave = useRef(new AbortController());
  useEffect(() => {
    leave.current = new AbortController();
    return () => leave.current.abort();
  }, [query]);

  const take = (rows: Rows) => {
    mine.rows = rows;
    redraw((n) => n + 1);
  };
  const path = () => (mine.rows?.newest == null ? pathOf(query, `limit=${LIMIT}`)
    : pathOf(query, `limit=${LIMIT_NEWER}&after=${encodeURIComponent(mine.rows.newest)}`));
  const { problem } = usePoll<TracePage>(path, live ? 1000 : 0, (page) => {
    take(mine.rows?.newest == null ? firstPage(page) : withNewer(mine.rows, page, LIMIT_NEWER));
  }, query);

  const older = async () => {
    if (mine.rows?.next == null || loadingOlder) return;
    setLoadingOlder(true);
    const answer = await getJson<TracePage>(pathOf(query, `limit=${LIMIT}&before=${encodeURIComponent(mine.rows.next)}`), leave.current.signal);
    setLoadingOlder(false);
    if (answer?.ok === true && mine.rows !== null) take(withOlder(mine.rows, answer.value));
  };
  return { rows: mine.rows, problem, older, loadingOlder };
}
