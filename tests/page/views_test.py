"""A person goes through the page: looks at the flow, finds a trace, asks why, sorts by impact. The pictures of the documentation
are taken on the way."""

import json
import unittest

from tests.page.page_case import PageCase
from tests.page.shop import trace_id


def sentence(text: str) -> str:
    """In a JavaScript condition: the page reads `text`, whatever the kind of its spaces."""
    return f"document.body.innerText.replace(/\\u202f/g, ' ').includes({json.dumps(text)})"


class ViewsTest(PageCase):
    def test_flow_is_a_live_picture(self):
        tab = self.open("#/flow")
        tab.see("otlp/jaeger", ".line")
        tab.wait("document.querySelectorAll('.edge-value').length === 3 && [...document.querySelectorAll('.edge-value')].every((e) => /k\\/s/.test(e.innerText))",
                 "spans each second on every edge")
        tab.wait("[...document.querySelectorAll('.edge-bytes')].every((e) => /B\\/s/.test(e.innerText))", "bytes each second on every edge")
        tab.see("every span has a known fate", ".tiles")
        tab.wait("document.querySelectorAll('.plot canvas').length === 3", "the plots of the last minutes")
        first = tab.text(".edge-value")
        tab.wait(f"document.querySelector('.edge-value').innerText !== {json.dumps(first)}", "the picture to move on")
        tab.wait("document.querySelector('.plot-box').getAttribute('aria-label').includes('highest')", "the plot said in words")
        watched = 15 + self.daemon.asked.count("/api/v1/flow")
        self.until(lambda: self.daemon.asked.count("/api/v1/flow") >= watched, tab)  # so that the plots have a line to show
        self.picture(tab, "flow")
        tab.click("button[aria-label^='Colours']")
        tab.click("button[aria-label^='Colours']")
        tab.wait("document.documentElement.dataset.theme === 'dark'")
        self.picture(tab, "flow-dark")

    def test_find_a_trace_and_ask_why(self):
        tab = self.open("#/flow")
        tab.click_text("nav a", "Traces")
        tab.see("POST /checkout", "table.traces")
        self.picture(tab, "traces")
        tab.type("input[name=policy]", "errors")
        tab.press("Enter")
        tab.wait("location.hash.includes('policy=errors')", "the filter in the address")
        tab.wait("[...document.querySelectorAll('table.traces tbody tr td:nth-child(3)')].every((e) => e.innerText.trim() === 'errors')")
        tab.click("table.traces tbody tr a")
        tab.wait(f"location.hash.includes('{trace_id(0)}')")
        tab.wait(sentence("412 of 812 ms are spent in payment: POST /charge itself."), "the bottleneck in words")
        tab.see("Kept by the policy errors", ".why")
        tab.see("found: 812 ms", ".why")
        tab.wait("document.querySelectorAll('.critical').length > 10", "the critical path")
        tab.wait("document.querySelector('.selected').innerText.includes('POST /charge')", "the bottleneck selected")
        self.picture(tab, "trace")
        tab.click_text(".why a", "payment: call acquirer")
        tab.see("BankTimeout", ".span-details")
        tab.see("no answer from acquirer within 150 ms", ".events")
        tab.evaluate("history.back()")
        tab.evaluate("history.back()")
        tab.wait("location.hash.includes('policy=errors') && document.querySelector('input[name=policy]').value === 'errors'", "the filter again")

    def test_traces_page_by_page_and_live(self):
        tab = self.open("#/traces")
        tab.wait("document.querySelectorAll('table.traces tbody tr').length === 50")
        tab.click_text("button", "Older")
        tab.wait("document.querySelectorAll('table.traces tbody tr').length === 100")
        new = dict(self.daemon.summaries[1], cursor="10001", id="f" * 32, root={"service": "storefront", "operation": "GET /brand-new"})
        self.daemon.summaries.insert(0, new)
        tab.see("GET /brand-new", "table.traces tbody tr")
        tab.click_text("button", "Live")
        tab.wait("location.hash.includes('live=off')")
        # The address changes first, what is drawn a moment later.
        tab.wait("document.querySelector('.toggle').getAttribute('aria-pressed') === 'false'", "the button that says it")

    def test_filters_say_what_the_daemon_is_asked(self):
        tab = self.open("#/traces")
        tab.choose("select[name=decision]", "dropped")
        tab.type("input[name=min_ms]", "0.02 s")
        tab.press("Enter")
        tab.wait("location.hash.includes('min_ms=20')")
        tab.wait("[...document.querySelectorAll('table.traces .badge')].every((e) => e.innerText === 'dropped')")
        self.until(lambda: any("decision=dropped&min_ms=20&" in path for path in self.daemon.asked), tab)
        tab.type("input[name=service]", "no-such-service")
        tab.press("Enter")
        tab.see("No trace matches")
        tab.type("input[name=id]", trace_id(5).upper())
        tab.press("Enter")
        tab.wait(f"location.hash === '#/trace/{trace_id(5)}'", "a whole id to lead to its trace")

    def test_a_dropped_trace_without_spans_has_its_why(self):
        gone = next(row for row in self.daemon.summaries if row["decision"] == "dropped" and not row["has_spans"])
        tab = self.open(f"#/trace/{gone['id']}")
        tab.see("The spans of this trace are not here.")
        tab.see("Dropped: none of 5 policies voted to keep it", ".why")
        tab.see("latency of at least 500 ms", ".votes")

    def test_impact_sorted_and_compared(self):
        tab = self.open("#/impact")
        tab.see("POST /charge", "table")
        self.assertIn("POST /checkout", tab.text("tbody tr"))
        tab.click_text("th button", "p99")
        tab.wait("document.querySelector('[aria-sort=descending]').innerText.includes('p99') && location.hash.includes('sort=-p99')")
        tab.click_text("th button", "p99")
        tab.wait("document.querySelector('tbody tr').innerText.includes('publish order.created')", "the least p99 first")
        tab.choose("form select:not([disabled])", "900")
        tab.wait("location.hash.includes('window=900')")
        tab.evaluate("location.hash = '#/impact?against=window'")
        tab.wait("[...document.querySelectorAll('th')].some((e) => e.innerText.includes('Δ p95'))", "columns of the change")
        tab.wait("document.querySelector('tbody').innerText.includes('+20')", "the change")
        self.picture(tab, "impact")
        tab.click_text("button", "Services")
        tab.see("Off by")

    def test_policies_and_their_overlap(self):
        tab = self.open("#/policies")
        tab.see("one-per-cent", "table")
        tab.click_text("th button", "CPU")
        tab.wait("document.querySelector('tbody tr').innerText.includes('checkout')", "the dearest policy first")
        tab.wait("document.querySelectorAll('.matrix tbody td').length === 25")
        self.picture(tab, "policies")

    def test_backends_with_the_last_error(self):
        tab = self.open("#/backends")
        tab.see("compaction is running", ".last-error")
        tab.wait("/k\\/s/.test(document.querySelector('.card .facts').innerText)", "what is sent each second")
        self.assertIn("probing", tab.text(".card"))
        self.picture(tab, "backends")

    def test_configuration_in_force(self):
        self.open("#/config").see("[REDACTED]", "pre")

    def test_on_a_phone(self):
        tab = self.open(f"#/trace/{trace_id(0)}", width=360, height=740, dark=True)
        tab.see("POST /charge", ".waterfall")
        self.picture(tab, "trace-phone")
        for route in ("flow", "traces", f"trace/{trace_id(0)}", "impact?against=window", "impact?by=service", "policies", "backends", "config"):
            tab.evaluate(f"location.hash = '#/{route}'")
            tab.wait("document.querySelector('main h1') && !document.querySelector('main [role=status].empty')")
            wide = tab.evaluate("document.documentElement.scrollWidth")
            self.assertLessEqual(wide, 360, f"{route} is wider than the screen")


if __name__ == "__main__":
    unittest.main(verbosity=2)
