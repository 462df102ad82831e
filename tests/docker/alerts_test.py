"""The rules of docker/prometheus as Prometheus's own promtool reads them, and each alert firing and not firing (alerts_cases.yaml)."""

import subprocess
import unittest

from tests.interop.collector.programs import PEERS
from tests.support import daemon

PROMTOOL = str(PEERS / "promtool" / "promtool")


def promtool(*args) -> subprocess.CompletedProcess:
    return subprocess.run([PROMTOOL, *args], cwd=daemon.SOURCE_DIR, capture_output=True, text=True, timeout=100, check=False)


class AlertsTest(unittest.TestCase):
    def test_the_rules_are_well_formed(self):
        done = promtool("check", "rules", "docker/prometheus/rules/tailrace.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("0 rules found", done.stdout)

    def test_each_alert_fires_when_it_should(self):
        done = promtool("test", "rules", "tests/docker/alerts_cases.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("SUCCESS", done.stdout)


if __name__ == "__main__":
    daemon.main()
