import type { Exporter } from '../../api/types';
import { formatBytes, formatCount, formatPercent, formatRate } from '../../logic/format';
import { total, type ExporterRates } from '../../logic/rates';
import { ExporterBadge } from '../../parts/exporter_badge';
import { Meter, toneOf } from '../../parts/meter';
import { ifAny, Stage } from './stage';

export function ExporterStage({ exporter, rates }: { exporter: Exporter; rates: ExporterRates | null }) {
  const dropped = total(exporter.dropped_spans);
  return (
    <Stage kind="Exporter" name={exporter.id} facts={[
      { label: 'sent', value: formatRate(rates?.forwarded ?? null), hint: `${formatCount(exporter.forwarded_spans)} spans since start` },
      { label: 'queue', value: `${formatPercent(exporter.queue_full)} full`, hint: `${exporter.queue_batches} batches, ${formatBytes(exporter.queue_bytes)}` },
      ...ifAny('retries', rates?.retries ?? null, formatRate(rates?.retries ?? null)),
      ...ifAny('dropped', dropped, `${formatCount(dropped)} spans`, 'bad-text', Object.entries(exporter.dropped_spans).map(([why, n]) => `${why}: ${n}`).join(', ')),
    ]}>
      <ExporterBadge state={exporter.state} />
      <Meter share={exporter.queue_full} tone={toneOf(exporter.queue_full)} />
    </Stage>
  );
}
