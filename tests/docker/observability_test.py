"""The dashboard and the rules in docker/ ask for nothing that /metrics does not have: every metric, label and value of a label in
them is one that a running daemon shows, or (what appears with its first event) one of the golden page."""

import json
import re
import unittest

import yaml

from tests.docker import promql
from tests.support import daemon, metrics, otlp

DOCKER = daemon.SOURCE_DIR / "docker"
GOLDEN = daemon.SOURCE_DIR / "tests" / "collector" / "telemetry" / "metrics_golden.txt"
FROM_PROMETHEUS = {"job", "instance"}  # labels that scraping adds
SCRAPED = {"up"}                       # metrics that it makes

POLICIES = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}\n- {name: all, type: always_sample}"


def rules() -> list:
    groups = yaml.safe_load((DOCKER / "prometheus" / "rules" / "tailrace.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict:
    return json.loads((DOCKER / "grafana" / "dashboards" / "tailrace.json").read_text(encoding="utf-8"))


def panels() -> list:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


class Known:
    """name -> label -> values"""

    def __init__(self, *pages):
        self.metrics = {name: {} for name in SCRAPED}
        for page in pages:
            for name, labels, _ in page.samples:
                have = self.metrics.setdefault(name, {})
                for label, value in labels.items():
                    have.setdefault(label, set()).add(value)

    def labels(self, names: set) -> set:
        return FROM_PROMETHEUS.union(*(self.metrics[name].keys() for name in names if name in self.metrics))


class ObservabilityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with daemon.Daemon(daemon.one_pipeline(POLICIES, decision_wait="50ms")) as d:
            assert d.post(otlp.request(otlp.span("%032x" % 1))).status == 200
            daemon.wait_for(lambda: d.metrics().sum("otelcol_exporter_sent_spans") == 1, "the span is out")
            assert d.post(otlp.request(otlp.span("%032x" % 1))).status == 200
            daemon.wait_for(lambda: d.metrics().sum("tailrace_late_spans") == 1, "the late span is counted")
            running = d.metrics()
        cls.running = Known(running)
        cls.known = Known(running, metrics.parse(GOLDEN.read_text(encoding="utf-8")))
        # A recorded series is known by its rule, with the labels that it is grouped by.
        cls.recorded = {rule["record"]: promql.read(rule["expr"]).grouped_by for rule in rules() if "record" in rule}

    def check(self, where: str, expression: str, shown: str) -> None:
        """`shown`: legend or annotations, with the labels that they name."""
        asked = promql.read(expression)
        self.assertTrue(asked.selectors, f"{where}: {expression}")
        labels = set(FROM_PROMETHEUS)
        for metric, matchers in asked.selectors:
            if metric in self.recorded:
                labels |= self.recorded[metric]
                continue
            self.assertTrue(metric in self.known.metrics, f"{where}: /metrics has no {metric}")
            have = self.known.metrics[metric]
            labels |= set(have)
            for label, operator, value in matchers:
                if label in FROM_PROMETHEUS:
                    continue
                self.assertIn(label, have, f"{where}: {metric} has no such label")
                for word in value.split("|") if "~" in operator else [value]:
                    is_there = any(re.fullmatch(word, seen) if "~" in operator else word == seen for seen in have[label])
                    self.assertTrue(is_there, f"{where}: {metric} never has {label}={word!r}; it has {sorted(have[label])}")
        for label in asked.grouped_by | promql.labels_named(expression) | promql.placeholders(shown):
            self.assertIn(label, labels, f"{where}: no metric in it has this label")

    def test_the_dashboard_asks_for_what_is_there(self):
        self.assertGreater(len(panels()), 20)
        for panel in panels():
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    self.check(panel["title"], target["expr"], target["legendFormat"])
        for variable in dashboard()["templating"]["list"]:
            for metric in re.findall(r"label_values\((\w+)", str(variable["query"])):
                self.assertIn(metric, self.running.metrics)

    def test_the_rules_ask_for_what_is_there(self):
        for rule in rules():
            with self.subTest(rule.get("alert") or rule.get("record")):
                self.check(rule.get("alert") or rule["record"], rule["expr"], " ".join(rule.get("annotations", {}).values()))

    def test_nearly_all_of_it_is_there_without_anything_bad(self):
        """A panel that is empty until something bad happens looks broken: only TLS and credentials may be."""
        asked = set().union(*(promql.read(t["expr"]).metrics() for p in panels() for t in p["targets"]))
        absent = {name for name in asked if name not in self.running.metrics}
        self.assertEqual({name for name in absent if not name.startswith("tailrace_listener_")}, set())

    def test_each_alert_says_what_it_means_and_what_to_do(self):
        guide = (daemon.SOURCE_DIR / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
        sections = set(re.findall(r"^#### (Tailrace\w+)$", guide, re.MULTILINE))
        alerts = [rule for rule in rules() if "alert" in rule]
        for rule in alerts:
            with self.subTest(rule["alert"]):
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook"})
                self.assertEqual(rule["annotations"]["runbook"], f"docs/OPERATIONS.md#{rule['alert'].lower()}")
                self.assertIn(rule["labels"]["severity"], {"critical", "warning", "info"})
        self.assertEqual(sections, {rule["alert"] for rule in alerts})

    def test_each_alert_has_its_tests(self):
        tests = yaml.safe_load((daemon.SOURCE_DIR / "tests" / "docker" / "alerts_cases.yaml").read_text(encoding="utf-8"))["tests"]
        fires, silent = set(), set()
        for case in tests:
            for check in case["promql_expr_test"]:
                (fires if check["exp_samples"] else silent).add(re.search(r'alertname="(\w+)"', check["expr"]).group(1))
        names = {rule["alert"] for rule in rules() if "alert" in rule}
        self.assertEqual((fires, silent), (names, names))

    def test_the_dashboard_can_be_provisioned(self):
        """Every panel takes the data source from the variable, has an id of its own and a place of its own."""
        everything = dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in everything}), len(everything))
        self.assertEqual([v["name"] for v in dashboard()["templating"]["list"]], ["datasource", "job", "instance"])
        taken = set()
        for panel in everything:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            taken |= cells
        for panel in panels():
            self.assertEqual({t["datasource"]["uid"] for t in panel["targets"]} | {panel["datasource"]["uid"]}, {"${datasource}"})


if __name__ == "__main__":
    daemon.main()
