// All that is known of the selected span.

import { formatDuration, formatMoment } from '../../logic/format';
import { formatRoute } from '../../logic/route';
import { selfTime } from '../../logic/self_time';
import type { SpanEvent, SpanLink } from '../../logic/spans';
import type { SpanNode } from '../../logic/tree';
import { Attributes } from '../../parts/attributes';
import { Name } from '../../parts/name';

const LISTED_MAX = 100;

function Events({ events, startMs }: { events: readonly SpanEvent[]; startMs: number }) {
  if (events.length === 0) return null;
  return (
    <>
      <h3>Events</h3>
      <ol class="plain events">
        {events.slice(0, LISTED_MAX).map((event, i) => (
          <li key={i} class={event.name === 'exception' ? 'exception' : ''}>
            <p><span class="note">+{formatDuration(event.atMs - startMs)}</span> <Name text={event.name} strong /></p>
            <Attributes attributes={event.attributes} />
          </li>
        ))}
      </ol>
      {events.length > LISTED_MAX && <p class="note">and {events.length - LISTED_MAX} more</p>}
    </>
  );
}

function Links({ links }: { links: readonly SpanLink[] }) {
  if (links.length === 0) return null;
  return (
    <>
      <h3>Links</h3>
      <ul class="plain">
        {links.slice(0, LISTED_MAX).map((link, i) => (
          <li key={i}>
            <a href={formatRoute('trace', { span: link.spanId }, link.traceId)}><code>{link.traceId.slice(0, 16)}…</code></a>
            <Attributes attributes={link.attributes} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function SpanDetails({ node, traceStartUnixMs }: { node: SpanNode; traceStartUnixMs: number }) {
  const { span } = node;
  return (
    <section class="panel span-details" aria-labelledby="span-title">
      <header class="panel-head">
        <h2 id="span-title"><Name text={span.service} /> <Name text={span.operation} strong /></h2>
        {span.error && <span class="badge bad">error</span>}
      </header>
      {span.message !== '' && <p class="bad-text"><Name text={span.message} /></p>}
      <dl class="facts row">
        <div><dt>duration</dt><dd>{formatDuration(span.durationMs)}</dd></div>
        <div><dt>self</dt><dd>{formatDuration(selfTime(node))}</dd></div>
        <div><dt>starts at</dt><dd title={formatMoment(traceStartUnixMs + span.startMs)}>+{formatDuration(span.startMs)}</dd></div>
        <div><dt>kind</dt><dd>{span.kind}</dd></div>
        <div><dt>span id</dt><dd><code>{span.id}</code></dd></div>
        {span.scope !== '' && <div><dt>scope</dt><dd><Name text={span.scope} /></dd></div>}
      </dl>
      <h3>Attributes</h3>
      <Attributes attributes={span.attributes} none="none" />
      <Events events={span.events} startMs={span.startMs} />
      <Links links={span.links} />
      <details><summary>Resource</summary><Attributes attributes={span.resource} none="none" /></details>
    </section>
  );
}
