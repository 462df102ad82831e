"""What a pipeline kept, so that it can be compared: trace id -> multiset of its spans, in canonical form.

The schema URLs are left out: the Collector's tail_sampling forgets them, Tailrace keeps them.
"""

import collections
import functools
import json

from tests.support import otlp


@functools.lru_cache(maxsize=None)
def _canonical(text: str) -> str:
    """Hundreds of pipelines keep the same spans: each is brought to its canonical form once."""
    return json.dumps(otlp.canonical(json.loads(text)), sort_keys=True)


def by_id(requests: list) -> dict:
    traces = collections.defaultdict(collections.Counter)
    for resource, scope, span in otlp.each_span(requests):
        parts = [{k: v for k, v in part.items() if k != "schemaUrl"} for part in (resource, scope)]
        traces[span["traceId"].lower()][_canonical(json.dumps([*parts, span]))] += 1
    return dict(traces)
