// The head of the waterfall: its columns' names and the marks of time.

import { formatDuration } from '../../logic/format';
import { ticks } from '../../logic/ticks';

// A mark further right would have no room for its text.
const LAST_SHARE = 0.94;

export function TimeRuler({ durationMs }: { durationMs: number }) {
  return (
    <div class="waterfall-head" role="rowgroup">
      <div class="waterfall-row" role="row" aria-rowindex={1}>
        <span class="cell-name" role="columnheader">Span</span>
        <span class="cell-self" role="columnheader">Self</span>
        <span class="cell-time" role="columnheader">
          <span class="hidden">Time</span>
          {ticks(durationMs).filter((at) => at <= durationMs * LAST_SHARE).map((at) => (
            <span key={at} class="tick" style={{ left: `${durationMs > 0 ? (at / durationMs) * 100 : 0}%` }} aria-hidden="true">{formatDuration(at)}</span>
          ))}
        </span>
      </div>
    </div>
  );
}
