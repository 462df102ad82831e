"""The page as the running daemon serves it: what is sent by OTLP is on the screen, decided and explained."""

import unittest

from tests.page.browser import Browser
from tests.support import daemon, otlp

POLICIES = """- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
- {name: slow, type: latency, latency: {threshold_ms: 500}}"""


class DaemonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.daemon = self.enterContext(daemon.Daemon(daemon.one_pipeline(POLICIES)))
        self.tab = self.browser.tab()
        self.addCleanup(self._end)

    def _end(self):
        complaints = self.tab.complaints()
        elsewhere = [url for url in self.tab.requests if not url.startswith((self._url(""), "data:", "about:"))]
        self.tab.close()
        self.assertEqual((complaints, elsewhere), ([], []))

    def _url(self, route: str) -> str:
        return f"http://127.0.0.1:{self.daemon.ports['PAGE']}/{route}"

    def test_the_first_trace_of_a_newcomer(self):
        tab = self.tab
        tab.go(self._url("#/flow"))
        tab.see(f"http://127.0.0.1:{self.daemon.ports['HTTP']}/v1/traces", ".first-steps")
        self.assertEqual(self.daemon.post(otlp.request(otlp.span(duration_ms=900, error=True))).status, 200)
        tab.see("The first spans are here.")
        tab.see("every span has a known fate", ".tiles")
        tab.wait("[...document.querySelectorAll('.stage')].some((e) => /Decision/.test(e.innerText) && /100/.test(e.innerText))", "all traces kept")

    def test_policies_backends_and_configuration(self):
        self.assertEqual(self.daemon.post(otlp.request(*(otlp.span(duration_ms=900, error=n == 0) for n in range(5)))).status, 200)
        tab = self.tab
        tab.go(self._url("#/policies"))
        tab.wait("[...document.querySelectorAll('tbody tr')].some((e) => /^slow\\s+latency\\s+5/.test(e.innerText.replace(/\\n/g, ' ')))", "five votes of slow")
        tab.wait("document.querySelector('.matrix')", "the overlap of both")
        tab.click_text("nav a", "Backends")
        tab.see("file", ".card")
        tab.see("healthy", ".card")
        tab.click_text("nav a", "Config")
        tab.see("threshold_ms: 500", "pre")


if __name__ == "__main__":
    unittest.main(verbosity=2)
