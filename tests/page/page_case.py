"""What the page's tests share: a browser for the class, a fake daemon and a tab for each test, and, at the end of each, that
nothing went wrong unseen: no error, nothing refused by the content security policy, no request to another host.
"""

import os
import pathlib
import time
import unittest

from tests.page.browser import DEADLINE_S, Browser
from tests.page.fake_daemon import FakeDaemon

# Where screenshots go; `make page-images` says docs/images.
IMAGES = pathlib.Path(os.environ.get("TAILRACE_PAGE_IMAGES", "build/page-images"))


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.daemon = self.enterContext(FakeDaemon())

    def tab(self, **look):
        tab = self.browser.tab(**look)
        self.addCleanup(self._end, tab)
        return tab

    def open(self, route: str, **look):
        tab = self.tab(**look)
        tab.go(f"{self.daemon.url}/{route}")
        return tab

    def until(self, condition, tab):
        """Waits for what only the daemon can see; the tab goes on meanwhile."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            tab.evaluate("new Promise((done) => setTimeout(done, 100))")

    def _end(self, tab):
        complaints = tab.complaints()
        elsewhere = [url for url in tab.requests if not url.startswith((self.daemon.url + "/", "data:", "about:"))]
        tab.close()
        self.assertEqual(complaints, [])
        self.assertEqual(elsewhere, [])

    def picture(self, tab, name: str):
        IMAGES.mkdir(parents=True, exist_ok=True)
        tab.screenshot(IMAGES / f"{name}.png")
