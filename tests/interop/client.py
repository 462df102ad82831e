"""Traces made with the OpenTelemetry Python SDK and sent with its own exporter: client.py grpc|http ENDPOINT.

Prints what the SDK itself says that it sent, one span a line in the fields of OTLP JSON, for the test to compare.
"""

import json
import sys

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind, Status, StatusCode


def value(v):
    if isinstance(v, bool):
        return {"boolValue": v}
    if isinstance(v, int):
        return {"intValue": str(v)}
    if isinstance(v, float):
        return {"doubleValue": v}
    if isinstance(v, (list, tuple)):
        return {"arrayValue": {"values": [value(x) for x in v]}}
    return {"stringValue": v}


def attributes(items):
    return [{"key": k, "value": value(v)} for k, v in (items or {}).items()]


class Printer(SpanExporter):
    """What the SDK hands to an exporter, in OTLP's words; OTLP counts kinds from 1."""

    def export(self, spans):
        for s in spans:
            print(json.dumps({
                "service": s.resource.attributes["service.name"], "scope": s.instrumentation_scope.name,
                "traceId": f"{s.context.trace_id:032x}", "spanId": f"{s.context.span_id:016x}",
                "parentSpanId": f"{s.parent.span_id:016x}" if s.parent else "",
                "name": s.name, "kind": s.kind.value + 1,
                "startTimeUnixNano": str(s.start_time), "endTimeUnixNano": str(s.end_time),
                "attributes": attributes(s.attributes),
                "events": [{"name": e.name, "timeUnixNano": str(e.timestamp), "attributes": attributes(e.attributes)}
                           for e in s.events],
                "links": [{"traceId": f"{x.context.trace_id:032x}", "spanId": f"{x.context.span_id:016x}",
                           "attributes": attributes(x.attributes)} for x in s.links],
                "status": {"code": s.status.status_code.value, "message": s.status.description or ""},
            }))
        return SpanExportResult.SUCCESS


def main():
    protocol, endpoint = sys.argv[1:]
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        exporter = OTLPSpanExporter(endpoint=endpoint, insecure=True)
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        exporter = OTLPSpanExporter(endpoint=endpoint + "/v1/traces")
    provider = TracerProvider(resource=Resource.create({"service.name": f"python-{protocol}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    provider.add_span_processor(BatchSpanProcessor(Printer()))
    tracer = provider.get_tracer("shop.python", "1.2.3")
    for n in range(20):
        with tracer.start_as_current_span("GET /orders", kind=SpanKind.SERVER, attributes={
                "n": n, "big": -2**62, "ok": n % 2 == 0, "share": 0.1, "tags": ["a", "ü"], "counts": [1, 2]}) as root:
            linked = Link(root.get_span_context(), {"why": "retry"})
            with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, links=[linked]) as child:
                child.add_event("cache.miss", {"key": "order-1"})
                if n % 4 == 0:
                    child.record_exception(ValueError("no such order"))
                    child.set_status(Status(StatusCode.ERROR, "it failed"))
    provider.shutdown()


main()
