import { formatDuration, formatMoment, plural } from '../../logic/format';
import { Name } from '../../parts/name';
import { ServiceTag } from '../../parts/service_tag';
import type { Reading } from './trace_view';

const SERVICES_SHOWN = 12;

function Figures({ reading }: { reading: Reading }) {
  const { trace, tree } = reading;
  const errors = trace.spans.reduce((sum, span) => sum + (span.error ? 1 : 0), 0);
  const services = [...new Set(trace.spans.map((span) => span.service))];
  return (
    <>
      <p class="trace-figures">
        <span><strong>{formatDuration(tree.endMs - tree.startMs)}</strong></span>
        <span>{plural(tree.count, 'span')}</span>
        {errors > 0 && <span class="bad-text">{plural(errors, 'error')}</span>}
        <span>started {formatMoment(trace.startUnixMs)}</span>
        {tree.orphans > 0 && <span class="warn-text" title="Their parent never came, or came too late">{plural(tree.orphans, 'span')} without {tree.orphans === 1 ? 'its' : 'their'} parent</span>}
        {trace.duplicates > 0 && <span class="warn-text">{plural(trace.duplicates, 'duplicate')} left out</span>}
      </p>
      <p class="tags">
        {services.slice(0, SERVICES_SHOWN).map((service) => <ServiceTag key={service} service={service} />)}
        {services.length > SERVICES_SHOWN && <span class="note">+{services.length - SERVICES_SHOWN}</span>}
      </p>
    </>
  );
}

export function TraceHead({ id, reading }: { id: string; reading: Reading | null }) {
  const root = reading?.tree.roots[0]?.span;
  return (
    <header class="trace-head">
      <p class="crumbs"><a href="#/traces">Traces</a> <span aria-hidden="true">/</span> <code class="trace-id">{id.toLowerCase()}</code></p>
      <h1>{root === undefined ? 'Trace' : <><Name text={root.service} /> <Name text={root.operation} strong /></>}</h1>
      {reading !== null && <Figures reading={reading} />}
      <p class="note">
        <a href={`api/v1/traces/${id}?format=otlp`} download={`${id}.otlp.json`}>OTLP JSON</a> · <a href={`api/v1/traces/${id}?format=jaeger`} download={`${id}.jaeger.json`}>Jaeger JSON</a>
      </p>
    </header>
  );
}
