"""Names from outside are shown as text and never run, whatever they are: markup, script, marks that turn the direction of writing,
NUL, a megabyte."""

import unittest

from tests.page import spans
from tests.page.page_case import PageCase
from tests.page.shop import trace_id

MARKUP = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>"
TURNED = "invoice\u202egnp.exe\u2066"
NUL = "a\u0000b\u001b[31m"
LONG = "W" * (1 << 20)
NAMES = (MARKUP, TURNED, NUL, LONG, "javascript:window.pwned=1", "</title></style></script>", "__proto__", "constructor", "")


class HostileTest(PageCase):
    def setUp(self):
        super().setUp()
        t = trace_id(2)
        self.daemon.spans[t] = spans.body({name: [
            spans.span(t, 10 * i + 1, None if i == 0 else 1, name, i, 5, 2, error=name, attributes={name: name, f"k{i}": name},
                       events=[{"name": name, "timeUnixNano": str(spans.START_NS), "attributes": [spans.attribute(name, name)]}],
                       links=[{"traceId": name, "spanId": name, "attributes": []}])] for i, name in enumerate(NAMES)})
        base = self.daemon.summaries[0]
        self.daemon.summaries = [dict(base, cursor=str(500 - i), id=t, policy=name, early=name, services=[name, name, "x"], root={"service": name, "operation": name})
                                 for i, name in enumerate(NAMES)]
        self.daemon.why = lambda wanted: {"id": wanted, "sentence": MARKUP + TURNED, "answers": [
            {"pipeline": name, "state": "kept", "deadline_unix_ms": None, "decided_unix_ms": 1, "early": name, "policy": name, "spans": 1, "duration_ms": 1, "late_spans": 1,
             "has_spans": True, "votes": [{"policy": name, "type": name, "vote": "sampled", "rule": name, "value": name, "span_id": name, "service": name,
                                           "operation": name}]} for name in NAMES]}
        flow, policies = self.daemon.shop.flow(), self.daemon.shop.policies()
        flow["receivers"][0]["id"] = flow["pipelines"][0]["receivers"][0] = MARKUP
        flow["receivers"][0]["transports"][0]["transport"] = TURNED
        flow["exporters"] = [dict(flow["exporters"][0], id=name, server_address=name, last_error=name, dropped_spans={name: 1}) for name in NAMES]
        flow["pipelines"][0].update(id=LONG, processor=TURNED, exporters=list(NAMES), dropped_spans={MARKUP: 3}, early_traces={LONG: 2})
        flow["stress"] = {MARKUP: 0.9}
        policies["pipelines"][0]["policies"] = [dict(policies["pipelines"][0]["policies"][0], name=name, type=name) for name in NAMES]
        policies["pipelines"][0].update(pipeline=LONG, processor=MARKUP, overlap=[[1] * len(NAMES)] * len(NAMES))
        baselines = self.daemon.shop.baselines(300, 0)
        baselines["rows"] = [dict(baselines["rows"][0], service=name, operation=name, kind=name) for name in NAMES]
        baselines["services"] = [dict(baselines["services"][0], service=name) for name in NAMES]
        status = dict(self.daemon.shop.status(), instance=MARKUP, version=LONG)
        self.daemon.answers.update(flow=lambda _: flow, policies=lambda _: policies, baselines=lambda _: baselines, status=lambda _: status,
                                   config=lambda _: {"yaml": MARKUP + NUL + LONG, "warnings": [MARKUP, TURNED]})

    def test_no_name_runs_or_poses_as_something_else(self):
        for route, sign in (("flow", ".line"), ("traces", "table.traces tbody tr"), (f"trace/{trace_id(2)}", ".waterfall-row.body"), ("impact", "tbody tr"),
                            ("impact?by=service", "tbody tr"), ("policies", ".matrix"), ("backends", ".card"), ("config", "pre")):
            for width in (1280, 360):
                with self.subTest(route=route, width=width):
                    tab = self.open("#/" + route, width=width)
                    tab.wait(f"document.querySelector({sign!r})", sign)
                    tab.wait("document.querySelector('.why .votes') || !document.querySelector('.why')", "the why")
                    tab.wait("document.body.textContent.includes('onerror')", "markup shown as the text that it is")
                    self.assertIsNone(tab.evaluate("window.pwned ?? null"))
                    self.assertEqual(tab.evaluate("document.querySelectorAll('main img, main script, main iframe').length"), 0)
                    text = tab.evaluate("document.body.textContent")
                    for mark in "\u202e\u2066\u0000\u001b":
                        self.assertNotIn(mark, text)
                    self.assertLess(len(text), 700_000)
                    self.assertLessEqual(tab.evaluate("document.documentElement.scrollWidth"), width, "no name makes the page wider")
                    isolated = tab.evaluate("[...document.querySelectorAll('.name')].every((e) => getComputedStyle(e).unicodeBidi === 'isolate')")
                    self.assertTrue(isolated)
                    hrefs = tab.evaluate("[...document.querySelectorAll('a')].map((e) => e.getAttribute('href'))")
                    self.assertTrue(all(href.startswith(("#", "api/v1/traces/")) for href in hrefs), hrefs)


if __name__ == "__main__":
    unittest.main(verbosity=2)
