"""What the page does when the daemon, the tab or the person does not do the usual."""

import unittest

from tests.page.page_case import PageCase
from tests.page.shop import trace_id


class BehaviourTest(PageCase):
    def test_a_daemon_that_hangs_is_told_and_comes_back_by_itself(self):
        tab = self.open("#/flow")
        tab.see("otlp/jaeger")
        self.daemon.hang.clear()
        tab.see("did not answer within 8 s", ".banners")
        self.assertIn("otlp/jaeger", tab.text("main"), "what was known stays on screen")
        self.daemon.hang.set()
        tab.wait("document.querySelector('.banners').innerText === ''", "the notice to go")

    def test_a_refusal_is_told_in_the_words_of_the_daemon(self):
        self.daemon.status = 503
        tab = self.open("#/flow")
        tab.see("busy: try again", "main")
        self.daemon.status = 200
        tab.see("otlp/jaeger", "main")

    def test_a_daemon_of_another_version_asks_for_a_reload(self):
        tab = self.open("#/backends")
        tab.see("otlp/jaeger")
        self.daemon.version = "0.2.0"
        tab.see("The daemon is now version 0.2.0", ".banners")
        tab.click_text("button", "Reload")
        tab.wait("document.querySelector('.banners')?.innerText === '' && document.querySelector('.card')", "the page anew, without the notice")

    def test_a_hidden_tab_loads_once_and_then_asks_nothing(self):
        tab = self.tab(hidden=True)
        tab.go(f"{self.daemon.url}/#/trace/{trace_id(0)}")
        tab.see("POST /charge", ".waterfall")
        tab.go(f"{self.daemon.url}/#/flow")
        tab.see("otlp/jaeger")
        before = len(self.daemon.asked)
        tab.evaluate("new Promise((done) => setTimeout(done, 3500))")  # three beats of the poll, none of which may come
        self.assertEqual(self.daemon.asked[before:], [])
        tab.evaluate("window.inFront = true; document.dispatchEvent(new Event('visibilitychange'))")
        tab.wait("document.querySelector('.edge-value').innerText.includes('k/s')", "the picture to move when the tab is in front")

    def test_only_the_view_that_is_seen_asks(self):
        tab = self.open("#/flow")
        tab.see("otlp/jaeger")
        tab.click_text("nav a", "Policies")
        tab.see("Overlap".upper())
        before = len(self.daemon.asked)
        tab.evaluate("new Promise((done) => setTimeout(done, 3000))")
        self.assertNotIn("/api/v1/flow", self.daemon.asked[before:])

    def test_a_newcomer_is_told_where_to_send_the_first_trace(self):
        self.daemon.summaries = []
        flow = self.daemon.shop.flow()
        for transport in flow["receivers"][0]["transports"]:
            transport["accepted_spans"] = 0
        self.daemon.answers["flow"] = lambda _: flow
        tab = self.open("#/traces")
        tab.see("No decision yet.")
        tab.click_text("nav a", "Flow")
        tab.see("127.0.0.1:4317", ".first-steps")
        tab.see("http://127.0.0.1:4318/v1/traces", ".first-steps")
        self.picture(tab, "first-steps")
        self.daemon.answers["flow"] = lambda _: self.daemon.shop.flow()
        tab.see("The first spans are here.")

    def test_ten_thousand_spans_scroll_like_ten(self):
        tab = self.open(f"#/trace/{trace_id(1)}")
        tab.see("nightly import", ".waterfall")
        tab.wait("document.querySelector('.trace-figures').innerText.replace(/\\u202f/g, '').includes('10000 spans')")
        self.assertLess(tab.evaluate("document.querySelectorAll('.waterfall-row').length"), 100)
        tab.evaluate("document.querySelector('.waterfall').focus()")
        for key, row in (("End", 9999), ("PageUp", None), ("Home", 0)):
            tab.press(key)
            if row is not None:
                tab.wait(f"document.querySelector('.waterfall').getAttribute('aria-activedescendant') === 'span-row-{row}' && document.getElementById('span-row-{row}')",
                         f"row {row} after {key}")
        # From a key to its picture, as a person would feel it.
        took = tab.evaluate("""new Promise((done) => { const begin = performance.now(); const box = document.querySelector('.waterfall');
            box.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true}));
            const look = () => document.getElementById('span-row-9999') ? done(performance.now() - begin) : requestAnimationFrame(look); look(); })""")
        self.assertLess(took, 2000)

    def test_without_a_mouse(self):
        tab = self.open("#/traces")
        tab.see("POST /checkout", "table.traces")
        tab.press("Tab")
        self.assertEqual(tab.evaluate("document.activeElement.className"), "skip")
        tab.press("Enter")
        self.assertEqual(tab.evaluate("document.activeElement.id"), "main")
        for _ in range(30):
            tab.press("Tab")
            if tab.evaluate("document.activeElement.closest('table.traces') !== null"):
                break
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        self.assertEqual(outline, "solid", "the focus can be seen")
        tab.press("Enter")
        tab.see("POST /charge", ".waterfall")
        tab.wait("document.activeElement.id === 'main'", "the focus at the new view's beginning")
        for _ in range(20):
            tab.press("Tab")
            if tab.evaluate("document.activeElement.className === 'waterfall'"):
                break
        tab.press("Home")
        rows = tab.evaluate("document.querySelectorAll('.waterfall-row.body').length")
        tab.press("ArrowLeft")
        tab.wait("document.querySelectorAll('.waterfall-row.body').length === 1", "the tree closed")
        tab.press("ArrowRight")
        tab.wait(f"document.querySelectorAll('.waterfall-row.body').length === {rows}", "the tree open again")
        tab.press("ArrowDown")
        tab.see("validate basket", ".span-details")

    def test_motion_stops_for_who_asks_for_it(self):
        for still, moving in ((True, False), (False, True)):
            tab = self.open("#/flow", still=still)
            tab.wait("/k\\/s/.test(document.querySelector('.edge-value')?.innerText)")
            name = tab.evaluate("getComputedStyle(document.querySelector('.edge-line'), '::before').animationName")
            self.assertEqual(name != "none", moving)

    def test_an_odd_address_is_answered(self):
        tab = self.open("#/trace/xyz")
        tab.see("This is no trace id.")
        tab.evaluate("location.hash = '#/nowhere'")
        tab.see("otlp/jaeger")
        tab.evaluate(f"location.hash = '#/trace/{'0' * 31}7'")
        tab.see("This trace was never seen here.", ".why")


if __name__ == "__main__":
    unittest.main(verbosity=2)
