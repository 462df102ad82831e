"""The unit of packaging/systemd gives the service no more than it needs, by systemd's own measure."""

import pathlib
import re
import subprocess
import unittest

UNIT = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "systemd" / "tailrace.service"


class SystemdTest(unittest.TestCase):
    def test_exposure_is_two_at_most(self):
        said = subprocess.run(["systemd-analyze", "security", "--offline=true", str(UNIT)], capture_output=True, text=True, timeout=60, check=True).stdout
        level = float(re.search(r"Overall exposure level for tailrace.service: ([0-9.]+)", said).group(1))
        self.assertLessEqual(level, 2.0, said)

    def test_it_is_a_valid_unit(self):
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(UNIT)], capture_output=True, text=True, timeout=60, check=False).stderr
        problems = [line for line in said.splitlines() if UNIT.name in line and "is not executable" not in line]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
