// Traces made with the OpenTelemetry Node SDK and sent with its own exporter: client.js grpc|http|proto ENDPOINT.
// Prints what the SDK itself says that it sent, one span a line in the fields of OTLP JSON, for the test to compare.
'use strict';
const { createRequire } = require('module');
const peer = createRequire(process.env.TAILRACE_NODE_PEER + '/package.json');
const { SpanKind, SpanStatusCode, context, trace } = peer('@opentelemetry/api');
const { resourceFromAttributes } = peer('@opentelemetry/resources');
const { NodeTracerProvider, BatchSpanProcessor } = peer('@opentelemetry/sdk-trace-node');

const [protocol, endpoint] = process.argv.slice(2);
const { OTLPTraceExporter } = peer(`@opentelemetry/exporter-trace-otlp-${protocol}`);
const exporter = new OTLPTraceExporter({ url: protocol === 'grpc' ? endpoint : endpoint + '/v1/traces' });

const nanos = ([seconds, rest]) => (BigInt(seconds) * 1000000000n + BigInt(rest)).toString();
const value = (v) =>
  Array.isArray(v) ? { arrayValue: { values: v.map(value) } }
  : typeof v === 'boolean' ? { boolValue: v }
  : typeof v === 'string' ? { stringValue: v }
  : Number.isInteger(v) ? { intValue: String(v) } : { doubleValue: v };
const attributes = (items) => Object.entries(items || {}).map(([key, v]) => ({ key, value: value(v) }));

const printer = {
  export(spans, done) {
    for (const s of spans) {
      console.log(JSON.stringify({
        service: s.resource.attributes['service.name'], scope: s.instrumentationScope.name,
        traceId: s.spanContext().traceId, spanId: s.spanContext().spanId,
        parentSpanId: s.parentSpanContext ? s.parentSpanContext.spanId : '',
        name: s.name, kind: s.kind + 1,
        startTimeUnixNano: nanos(s.startTime), endTimeUnixNano: nanos(s.endTime),
        attributes: attributes(s.attributes),
        events: s.events.map((e) => ({ name: e.name, timeUnixNano: nanos(e.time), attributes: attributes(e.attributes) })),
        links: s.links.map((l) => ({ traceId: l.context.traceId, spanId: l.context.spanId, attributes: attributes(l.attributes) })),
        status: { code: s.status.code, message: s.status.message || '' },
      }));
    }
    done({ code: 0 });
  },
  shutdown: async () => {},
};

async function main() {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `node-${protocol}` }),
    spanProcessors: [new BatchSpanProcessor(exporter), new BatchSpanProcessor(printer)],
  });
  const tracer = provider.getTracer('shop.node', '1.2.3');
  for (let n = 0; n < 20; ++n) {
    const root = tracer.startSpan('GET /orders', { kind: SpanKind.SERVER,
      attributes: { n, ok: n % 2 === 0, share: 0.1, tags: ['a', 'ü'], counts: [1, 2] } });
    const child = tracer.startSpan('SELECT', { kind: SpanKind.CLIENT,
      links: [{ context: root.spanContext(), attributes: { why: 'retry' } }] }, trace.setSpan(context.active(), root));
    child.addEvent('cache.miss', { key: 'order-1' });
    if (n % 4 === 0) {
      child.recordException(new Error('no such order'));
      child.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed' });
    }
    child.end();
    root.end();
  }
  await provider.shutdown();
}

main().catch((error) => { console.error(error); process.exit(1); });
