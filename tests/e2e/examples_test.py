"""Every example is a configuration that is accepted, and shows no secret when it is printed."""

import os
import subprocess
import unittest

from tests.support import daemon

SECRETS = {"GRAFANA_INSTANCE": "123456", "GRAFANA_TOKEN": "s3cret-token", "HONEYCOMB_API_KEY": "s3cret-key", "DD_API_KEY": "s3cret-dd",
           "TEMPO_TENANT": "s3cret-tenant", "SCRAPE_TOKEN": "s3cret-scrape"}


class ExamplesTest(unittest.TestCase):
    def run_verb(self, verb: str, path) -> subprocess.CompletedProcess:
        return subprocess.run([daemon.BINARY, verb, "--config", str(path)], capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **SECRETS})

    def test_all(self):
        examples = sorted((daemon.SOURCE_DIR / "examples").glob("*.yaml"))
        self.assertGreaterEqual(len(examples), 9)
        for path in examples:
            with self.subTest(path.name):
                done = self.run_verb("validate", path)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                printed = self.run_verb("print-config", path)
                self.assertEqual(printed.returncode, 0, printed.stderr)
                self.assertNotIn("s3cret", printed.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
