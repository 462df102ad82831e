// OTLP's JSON to flat spans. Times become milliseconds after the trace's first start, as numbers: nanoseconds since 1970 do not
// fit one, differences do.

export type Attribute = { key: string; value: string };
export type SpanEvent = { name: string; atMs: number; attributes: Attribute[] };
export type SpanLink = { traceId: string; spanId: string; attributes: Attribute[] };

export type Span = {
  id: string; parentId: string; service: string; operation: string; kind: string;
  startMs: number; durationMs: number;
  error: boolean; message: string;
  attributes: Attribute[]; resource: Attribute[]; scope: string;
  events: SpanEvent[]; links: SpanLink[];
};

export type Trace = { id: string; startUnixMs: number; spans: Span[]; duplicates: number };

type Json = Record<string, unknown>;

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const DEEP_MAX = 32;

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nanos(value: unknown): bigint {
  return (typeof value === 'string' && /^\d{1,20}$/.test(value)) || (typeof value === 'number' && value >= 0 && Number.isInteger(value))
    ? BigInt(value) : 0n;
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEP_MAX) return null;
  const any = value as Json;
  if ('kvlistValue' in any) {
    return Object.fromEntries(list((any.kvlistValue as Json | null)?.values).map((entry) => [text(entry.key), plain(entry.value, depth + 1)]));
  }
  if ('arrayValue' in any) return list((any.arrayValue as Json | null)?.values).map((entry) => plain(entry, depth + 1));
  return any.stringValue ?? any.boolValue ?? any.intValue ?? any.doubleValue ?? any.bytesValue ?? null;
}

function valueText(value: unknown): string {
  const inner = plain(value, 0);
  if (inner === null) return '';
  return typeof inner === 'object' ? JSON.stringify(inner) : String(inner);
}

function attributes(value: unknown): Attribute[] {
  return list(value).map((entry) => ({ key: text(entry.key), value: valueText(entry.value) }));
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return KINDS[value] ?? 'unspecified';
  return text(value).replace(/^SPAN_KIND_/, '').toLowerCase() || 'unspecified';
}

type Owner = { service: string; resource: Attribute[]; scope: string };
type Raw = { span: Json; owner: Owner };

function rawSpans(body: Json): Raw[] {
  return list(body.resourceSpans).flatMap((group) => {
    const resource = attributes((group.resource as Json | undefined)?.attributes);
    const service = resource.find((entry) => entry.key === 'service.name')?.value ?? 'unknown service';
    return list(group.scopeSpans).flatMap((scoped) => {
      const scope = (scoped.scope ?? {}) as Json;
      const owner = { service, resource, scope: [text(scope.name), text(scope.version)].filter((part) => part !== '').join(' ') };
      return list(scoped.spans).map((span) => ({ span, owner }));
    });
  });
}

const ms = (ns: bigint): number => Number(ns) / 1e6;

function toSpan({ span, owner }: Raw, origin: bigint): Span {
  const start = nanos(span.startTimeUnixNano);
  const end = nanos(span.endTimeUnixNano);
  const status = (span.status ?? {}) as Json;
  return {
    id: text(span.spanId), parentId: text(span.parentSpanId).replace(/^0+$/, ''), ...owner,
    operation: text(span.name), kind: kindOf(span.kind),
    startMs: ms(start - origin), durationMs: end > start ? ms(end - start) : 0,
    error: status.code === 2 || status.code === 'STATUS_CODE_ERROR', message: text(status.message),
    attributes: attributes(span.attributes),
    events: list(span.events).map((event) => ({
      name: text(event.name), atMs: ms(nanos(event.timeUnixNano) - origin), attributes: attributes(event.attributes) })),
    links: list(span.links).map((link) => ({
      traceId: text(link.traceId), spanId: text(link.spanId), attributes: attributes(link.attributes) })),
  };
}

// A span sent twice is one span. Two spans that share an id by mistake stay two.
function withoutDuplicates(raws: Raw[]): Raw[] {
  const seen = new Set<string>();
  return raws.filter(({ span, owner }) => {
    const key = JSON.stringify([span.spanId, span.startTimeUnixNano, span.endTimeUnixNano, span.name, owner.service]);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

export function readTrace(body: unknown): Trace {
  const all = rawSpans((typeof body === 'object' && body !== null ? body : {}) as Json);
  const raws = withoutDuplicates(all);
  const starts = raws.map(({ span }) => nanos(span.startTimeUnixNano));
  const known = starts.filter((start) => start > 0n);
  const origin = known.reduce((least, start) => (start < least ? start : least), known[0] ?? 0n);
  return {
    id: text(raws[0]?.span.traceId).toLowerCase(),
    startUnixMs: ms(origin),
    spans: raws.map((raw) => toSpan(raw, origin)),
    duplicates: all.length - raws.length,
  };
}
