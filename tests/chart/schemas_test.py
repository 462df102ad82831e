"""Every object of every value set is one that Kubernetes knows, strictly (no field too many), from 1.28 to the newest schemas there are."""

import functools
import unittest

import kubernetes_validate
from kubernetes_validate import utils

from tests.chart import helm

OLDEST = (1, 28)
# Kinds of the Prometheus Operator have no schema here; objects_test looks at what they refer to.
CUSTOM = ("ServiceMonitor", "PrometheusRule")
# The package reads a file of definitions for each object otherwise.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)


def versions() -> list:
    every = [tuple(int(n) for n in version.split(".")[:2]) for version in utils.all_versions() if not version.endswith("-strict")]
    return sorted({version for version in every if version >= OLDEST})


class SchemasTest(unittest.TestCase):
    def test_there_is_something_to_test(self):
        self.assertEqual(len(helm.SETS), 20)
        self.assertGreaterEqual(versions()[-1], (1, 37))
        self.assertEqual(versions()[0], OLDEST)

    def test_an_object_with_a_field_too_many_is_refused(self):
        thing = helm.render({})[0]
        thing["nonsense"] = True
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(thing, "1.34", strict=True)

    def test_lint(self):
        for values in helm.SETS:
            with self.subTest(values.name):
                done = helm.run("lint", "--strict", str(helm.CHART), "--values", str(values))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_object_of_every_set_in_every_version(self):
        for major, minor in versions():
            for values in helm.SETS:
                with self.subTest(f"{major}.{minor} {values.name}"):
                    things = helm.render(values, f"{major}.{minor}.0")
                    self.assertEqual(len({helm.identity(thing) for thing in things}), len(things), "two objects of one name")
                    for thing in things:
                        if thing["kind"] not in CUSTOM:
                            kubernetes_validate.validate(thing, f"{major}.{minor}", strict=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
