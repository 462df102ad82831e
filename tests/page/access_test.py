"""axe-core over every view, light and dark, wide and narrow: no violation that is serious or worse."""

import pathlib
import unittest

from tests.page.page_case import PageCase
from tests.page.shop import trace_id

AXE = pathlib.Path(__file__).resolve().parents[2] / "collector" / "admin" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = (("flow", ".plot canvas"), ("traces", "table.traces"), (f"trace/{trace_id(0)}", ".why .votes"), ("impact?against=window", "tbody tr"),
         ("impact?by=service", "tbody tr"), ("policies", ".matrix"), ("backends", ".card"), ("config", "pre"), (f"trace/{'0' * 31}7", ".why-sentence"))


class AccessTest(PageCase):
    def test_nothing_stands_in_anybodys_way(self):
        axe = AXE.read_text(encoding="utf-8")
        for width, dark in ((1280, False), (1280, True), (360, False)):
            for route, sign in VIEWS:
                with self.subTest(route=route, width=width, dark=dark):
                    tab = self.open("#/" + route, width=width, dark=dark)
                    tab.wait(f"document.querySelector({sign!r})", sign)
                    tab.evaluate(axe + "; 0")
                    found = tab.evaluate("""axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations.map(
                        (v) => `${v.impact}: ${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')))""")
                    self.assertEqual(found, [])

    def test_the_page_has_its_landmarks_and_says_where_one_is(self):
        tab = self.open("#/impact")
        tab.see("POST /charge")
        self.assertEqual(tab.evaluate("document.title"), "Impact · Tailrace")
        self.assertEqual(tab.evaluate("document.querySelectorAll('header.top, nav[aria-label], main, h1').length"), 4)
        self.assertEqual(tab.evaluate("document.querySelector('nav [aria-current=page]').innerText"), "Impact")
        self.assertEqual(tab.evaluate("document.querySelector('.banners').getAttribute('aria-live')"), "polite")


if __name__ == "__main__":
    unittest.main(verbosity=2)
