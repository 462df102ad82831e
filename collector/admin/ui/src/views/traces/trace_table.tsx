import type { TraceSummary } from '../../api/types';
import { formatBytes, formatClock, formatCount, formatDuration, formatMoment } from '../../logic/format';
import { formatRoute } from '../../logic/route';
import { DecisionBadge } from '../../parts/decision_badge';
import { Meter } from '../../parts/meter';
import { Name } from '../../parts/name';
import { ServiceTag } from '../../parts/service_tag';

const SERVICES_SHOWN = 3;

function Services({ services }: { services: readonly string[] }) {
  const more = services.length - SERVICES_SHOWN;
  return (
    <span class="tags">
      {services.slice(0, SERVICES_SHOWN).map((service) => <ServiceTag key={service} service={service} />)}
      {more > 0 && <span class="note">+{more}</span>}
    </span>
  );
}

function Row({ trace, longest }: { trace: TraceSummary; longest: number }) {
  return (
    <tr>
      <th scope="row" class="trace-name">
        <a href={formatRoute('trace', { pipeline: trace.pipeline }, trace.id)}>
          {trace.root === null ? <code>{trace.id.slice(0, 16)}…</code>
            : <><Name text={trace.root.service} /> <Name text={trace.root.operation} strong /></>}
        </a>
        {trace.error && <span class="badge bad">error</span>}
      </th>
      <td><DecisionBadge decision={trace.decision} /></td>
      <td>{trace.policy === null ? <span class="note">–</span> : <Name text={trace.policy} />}{trace.early !== null && <span class="note"> early</span>}</td>
      <td class="number"><span class="with-meter"><Meter share={longest > 0 ? trace.duration_ms / longest : 0} /><span>{formatDuration(trace.duration_ms)}</span></span></td>
      <td class="number" title={formatBytes(trace.bytes)}>{formatCount(trace.spans)}</td>
      <td><Services services={trace.services} /></td>
      <td class="number" title={formatMoment(trace.decided_unix_ms)}>{formatClock(trace.decided_unix_ms)}</td>
      <td><code class="note" title={trace.id}>{trace.id.slice(0, 8)}</code>{!trace.has_spans && <span class="note" title="Its spans are gone, its why is there"> no spans</span>}</td>
    </tr>
  );
}

export function TraceTable({ traces }: { traces: readonly TraceSummary[] }) {
  const longest = traces.reduce((most, trace) => Math.max(most, trace.duration_ms), 0);
  return (
    <div class="table-scroll panel" role="region" aria-label="Traces" tabIndex={0}>
      <table class="traces">
        <thead>
          <tr>
            <th scope="col">Trace</th><th scope="col">Decision</th><th scope="col">Policy</th><th scope="col" class="number">Duration</th>
            <th scope="col" class="number">Spans</th><th scope="col">Services</th><th scope="col" class="number">Decided</th><th scope="col">Id</th>
          </tr>
        </thead>
        <tbody>{traces.map((trace) => <Row key={trace.cursor + trace.id} trace={trace} longest={longest} />)}</tbody>
      </table>
    </div>
  );
}
