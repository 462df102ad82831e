import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTrace } from '../src/logic/spans';

const START = '1767225600000000000';
const raw = (more: object) => ({ traceId: 'AB', spanId: '01', name: 'get', startTimeUnixNano: START, endTimeUnixNano: '1767225600812000001', ...more });
const body = (...spans: object[]) => ({ resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'web' } }] }, scopeSpans: [{ scope: { name: 'lib', version: '1' }, spans }] }] });

test('a span is read whole', () => {
  const { spans: [span], ...trace } = readTrace(body(raw({
    kind: 2, parentSpanId: '0000000000000000', status: { code: 2, message: 'bad' },
    attributes: [{ key: 'n', value: { intValue: '9007199254740993' } }, { key: 'b', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { doubleValue: 1.5 }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } }, { key: 'none', value: {} }],
    events: [{ name: 'e', timeUnixNano: '1767225600001500000', attributes: [] }], links: [{ traceId: 'CD', spanId: '02' }],
  })));
  assert.deepEqual([trace.id, trace.startUnixMs, trace.duplicates], ['ab', 1767225600000, 0]);
  assert.deepEqual([span?.service, span?.kind, span?.parentId, span?.error, span?.message, span?.scope], ['web', 'server', '', true, 'bad', 'lib 1']);
  assert.deepEqual(span?.attributes.map((a) => a.value), ['9007199254740993', 'false', '["a",1.5]', '{"k":"v"}', '']);
  assert.equal(span?.events[0]?.atMs, 1.5);
  assert.equal(span?.durationMs, 812.000001);
});

test('kinds and status as names are understood too', () => {
  const [span] = readTrace(body(raw({ kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_ERROR' } }))).spans;
  assert.deepEqual([span?.kind, span?.error], ['client', true]);
});

test('a span sent twice counts once; another one of the same id stays', () => {
  const trace = readTrace(body(raw({}), raw({}), raw({ name: 'other' })));
  assert.deepEqual([trace.spans.length, trace.duplicates], [2, 1]);
});

test('a span that ends before it starts took no time; one without times does not move the origin', () => {
  const trace = readTrace(body(raw({ endTimeUnixNano: '5' }), { traceId: 'ab', spanId: '02', name: 'timeless' }));
  assert.equal(trace.startUnixMs, 1767225600000);
  assert.equal(trace.spans[0]?.durationMs, 0);
});

test('what is no trace at all is an empty one', () => {
  for (const odd of [null, 7, [], { resourceSpans: 'x' }, { resourceSpans: [null, { scopeSpans: [{ spans: [null, 3] }] }] }]) {
    assert.equal(readTrace(odd).spans.length, 0);
  }
  const [span] = readTrace({ resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: -5, name: 7, attributes: {} }] }] }] }).spans;
  assert.deepEqual([span?.operation, span?.service, span?.startMs], ['', 'unknown service', 0]);
});
