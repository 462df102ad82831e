import type { Exporter } from '../../api/types';
import { formatBytes, formatCount, formatDuration, formatExact, formatPercent, formatRate } from '../../logic/format';
import { total, type ExporterRates } from '../../logic/rates';
import { visible, visibleLines } from '../../logic/text';
import { ExporterBadge } from '../../parts/exporter_badge';
import { Meter, toneOf } from '../../parts/meter';
import { Name } from '../../parts/name';

const ERROR_MAX = 1000;

function Row({ label, value, tone = '', hint }: { label: string; value: string; tone?: string; hint?: string }) {
  return <div title={hint}><dt><bdi>{visible(label, 60)}</bdi></dt><dd class={tone}>{value}</dd></div>;
}

export function Backend({ exporter, rates }: { exporter: Exporter; rates: ExporterRates | null }) {
  const dropped = total(exporter.dropped_spans);
  const id = `backend-${exporter.id.slice(0, 80).replace(/\W+/g, '-')}`;
  return (
    <section class="panel card" aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}><Name text={exporter.id} /></h2><ExporterBadge state={exporter.state} />
      </header>
      <p class="note"><Name text={exporter.server_address === '' ? 'no address' : exporter.server_address} /></p>
      <div class="card-queue">
        <span class="label">Queue</span><span>{formatPercent(exporter.queue_full)} full</span>
        <Meter share={exporter.queue_full} tone={toneOf(exporter.queue_full)} />
      </div>
      <dl class="facts">
        <Row label="sent" value={formatRate(rates?.forwarded ?? null)} hint={`${formatCount(exporter.forwarded_spans)} spans since start`} />
        <Row label="waiting" value={`${formatCount(exporter.queued_spans)} spans in ${formatCount(exporter.queue_batches)} batches, ${formatBytes(exporter.queue_bytes)}`} />
        <Row label="oldest waits" value={exporter.queue_batches > 0 ? formatDuration(exporter.oldest_item_s * 1000) : '–'} />
        <Row label="in flight" value={`${formatCount(exporter.in_flight_spans)} spans`} />
        <Row label="requests" value={`${formatCount(exporter.requests_ok)} good, ${formatCount(exporter.requests_failed)} failed`} />
        <Row label="retries" value={formatCount(exporter.retries)} tone={(rates?.retries ?? 0) > 0 ? 'warn-text' : ''} />
        {exporter.splits > 0 && <Row label="splits" value={formatCount(exporter.splits)} hint="Batches that were too large for the backend" />}
        <Row label="dropped" value={`${formatExact(dropped)} spans`} tone={dropped > 0 ? 'bad-text' : ''} />
        {Object.entries(exporter.dropped_spans).filter(([, n]) => n > 0).map(([why, n]) => <Row key={why} label={`· ${why}`} value={formatExact(n)} />)}
        {exporter.dead_letter_spans > 0 && <Row label="dead letters" value={`${formatCount(exporter.dead_letter_spans)} spans`} tone="warn-text" />}
      </dl>
      {exporter.last_error !== '' && (
        <div class="last-error"><span class="label">Last error</span><p><bdi class="value">{visibleLines(exporter.last_error, ERROR_MAX)}</bdi></p></div>
      )}
    </section>
  );
}
