// What flows between two stages, each second. The dashes move faster where more does; they stand still for who asks for that.

import { formatByteRate, formatRate } from '../../logic/format';

function paceOf(perSecond: number | null): string {
  if (perSecond === null || perSecond <= 0) return 'still';
  return perSecond < 100 ? 'slow' : perSecond < 10_000 ? 'steady' : 'fast';
}

type Props = { label: string; spans: number | null; bytes: number | null; estimated?: boolean };

export function Edge({ label, spans, bytes, estimated = false }: Props) {
  return (
    <li class={`edge ${paceOf(spans)}`}>
      <span class="edge-label">{label}</span>
      <span class="edge-value">{formatRate(spans)}<span class="hidden"> spans</span></span>
      <span class="edge-line" aria-hidden="true" />
      <span class="edge-bytes" title={estimated ? 'Reckoned with the mean size of the spans in the table' : 'Bodies as received'}>
        {estimated && bytes !== null ? '≈ ' : ''}{formatByteRate(bytes)}
      </span>
    </li>
  );
}
