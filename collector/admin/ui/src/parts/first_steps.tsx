// For somebody who has just started the daemon: where to send the first trace, with a command that does it.

import type { Config } from '../api/types';
import { usePoll } from '../api/use_poll';
import { readEndpoints } from '../logic/endpoints';
import { Copyable } from './copyable';

function example(http: string): string {
  return `now=$(date +%s)
curl http://${http}/v1/traces -H 'Content-Type: application/json' -d '{"resourceSpans":[{
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"hello"}}]},
  "scopeSpans":[{"spans":[{"traceId":"'$(openssl rand -hex 16)'","spanId":"'$(openssl rand -hex 8)'",
    "name":"GET /first","kind":2,"startTimeUnixNano":"'$now'000000000","endTimeUnixNano":"'$now'812000000",
    "status":{"code":2}}]}]}]}'`;
}

export function FirstSteps() {
  const { value } = usePoll<Config>('api/v1/config', 0);
  const { grpc, http } = readEndpoints(value?.yaml ?? '', location.hostname);
  return (
    <section class="panel first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">No spans yet. Send the first trace</h2>
      <p>Point any OpenTelemetry SDK or Collector here, over OTLP:</p>
      <dl class="facts">
        {grpc !== null && <><dt>gRPC</dt><dd><code>{grpc}</code></dd></>}
        {http !== null && <><dt>HTTP</dt><dd><code>http://{http}/v1/traces</code></dd></>}
        {value !== null && grpc === null && http === null && <><dt>OTLP</dt><dd>no <code>otlp</code> receiver is configured</dd></>}
      </dl>
      {grpc !== null && <Copyable label="Settings for an SDK" text={`export OTEL_EXPORTER_OTLP_ENDPOINT=http://${grpc} OTEL_EXPORTER_OTLP_PROTOCOL=grpc`} />}
      {http !== null && <Copyable label="Or one trace by hand" text={example(http)} />}
      <p class="note">It shows here at once, and under <a href="#/traces">Traces</a> when its decision wait is over.</p>
    </section>
  );
}
