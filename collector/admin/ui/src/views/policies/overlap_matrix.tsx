// Who keeps the same traces: for each two policies the kept traces that both voted for. A policy whose row is all overlap could go.

import { formatCount, formatPercent } from '../../logic/format';
import { Name } from '../../parts/name';

const STEPS = 5;

function stepOf(share: number): number {
  return share <= 0 ? 0 : Math.max(1, Math.min(STEPS, Math.ceil(share * STEPS)));
}

export function OverlapMatrix({ names, overlap }: { names: readonly string[]; overlap: readonly (readonly number[])[] }) {
  if (names.length < 2) return null;
  return (
    <>
      <h3>Overlap</h3>
      <p class="note">Kept traces that both policies voted to keep; the shade is the share of the row’s own.</p>
      <div class="table-scroll" role="region" aria-label="Overlap of policies" tabIndex={0}>
        <table class="matrix">
          <thead><tr><td />{names.map((name, i) => <th key={i} scope="col"><Name text={name} /></th>)}</tr></thead>
          <tbody>
            {names.map((name, i) => (
              <tr key={i}>
                <th scope="row"><Name text={name} /></th>
                {names.map((other, j) => {
                  const both = overlap[i]?.[j] ?? 0;
                  const own = overlap[i]?.[i] ?? 0;
                  const part = own > 0 ? both / own : 0;
                  return <td key={other + j} class={`number ${i === j ? 'own' : `shade-${stepOf(part)}`}`} title={i === j ? undefined : `${formatPercent(part)} of the row’s`}>{formatCount(both)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
