// The head of the waterfall: its columns' names and the marks of time.

import { formatDuration } from '../../logic/format';
import { ticks } from '../../logic/ticks';

export function TimeRuler({ durationMs }: { durationMs: number }) {
  return (
    <div class="waterfall-head" role="rowgroup">
      <div class="waterfall-row" role="row" aria-rowindex={1}>
        <span class="cell-name" role="columnheader">Span</span>
        <span class="cell-self" role="columnheader">Self</span>
        <span class="cell-time" role="columnheader">
          <span class="hidden">Time</span>
          {ticks(durationMs).map((at) => (
            <span key={at} class="tick" style={{ left: `${durationMs > 0 ? (at / durationMs) * 100 : 0}%` }} aria-hidden="true">{formatDuration(at)}</span>
          ))}
        </span>
      </div>
    </div>
  );
}
