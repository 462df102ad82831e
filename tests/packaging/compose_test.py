"""The compose files are valid, every image is pinned, every file that they name is there, and the daemon takes its configurations."""

import pathlib
import re
import subprocess
import sys
import unittest

import yaml

from tests.support import daemon

DOCKER = daemon.SOURCE_DIR / "docker"
FILES = sorted(DOCKER.glob("compose*.yaml"))
OURS = "tailrace:0.1.0"


def read(path: pathlib.Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def check_schema(*args: str, text: str = None) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *args], input=text, capture_output=True,
                          text=True, timeout=120, check=False)


class ComposeTest(unittest.TestCase):
    def services(self):
        for path in FILES:
            for name, service in read(path)["services"].items():
                yield path, name, service

    def test_schema(self):
        self.assertEqual([path.name for path in FILES], ["compose.observability.yaml", "compose.two-tier.yaml", "compose.yaml"])
        done = check_schema(*map(str, FILES))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotEqual(check_schema("-", text='{"services": {"a": {"imagee": "b:1"}}}').returncode, 0)

    def test_images_are_pinned(self):
        for path, name, service in self.services():
            with self.subTest(f"{path.name} {name}"):
                self.assertRegex(service["image"], r"^[a-z0-9./-]+:v?\d+\.\d+\.\d+$")

    def test_our_image_is_of_this_version(self):
        version = re.search(r"^project\(tailrace VERSION ([0-9.]+)", (daemon.SOURCE_DIR / "CMakeLists.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
        self.assertEqual(OURS, f"tailrace:{version}")
        self.assertIn(f'org.opencontainers.image.version="{version}"', (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
        for path in FILES:
            self.assertIn(OURS, {service["image"] for service in read(path)["services"].values()})

    def test_files_are_there(self):
        for path in FILES:
            compose = read(path)
            named = [entry["file"] for entry in compose.get("configs", {}).values()]
            for service in compose["services"].values():
                named += [volume.split(":")[0] for volume in service.get("volumes", []) if volume.startswith(".")]
                named += [option.split(":", 1)[1] for option in service.get("security_opt", []) if option.startswith("seccomp:")]
                if "build" in service:
                    named.append(service["build"]["context"] + "/" + service["build"]["dockerfile"])
                self.assertLessEqual({entry["source"] for entry in service.get("configs", [])}, set(compose.get("configs", {})))
            for name in named:
                self.assertTrue((DOCKER / name).exists(), f"{path.name} names {name}")

    def test_configurations_are_valid(self):
        checked = set()
        for path in FILES:
            compose = read(path)
            for name, service in compose["services"].items():
                if service["image"] != OURS or service["command"][0] != "--config":
                    continue
                with self.subTest(f"{path.name} {name}"):
                    [entry] = [entry for entry in service["configs"] if entry["target"] == service["command"][1]]
                    done = daemon.run_to_end(["validate", "--config", str(DOCKER / compose["configs"][entry["source"]]["file"])])
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    checked.add(compose["configs"][entry["source"]]["file"])
        self.assertEqual(checked, {f"./config/{name}.yaml" for name in ("jaeger", "tempo", "router")})

    def test_ours_are_confined(self):
        for path, name, service in self.services():
            if service["image"] == OURS:
                with self.subTest(f"{path.name} {name}"):
                    self.assertTrue(service["read_only"])
                    self.assertEqual(service["cap_drop"], ["ALL"])

    def test_grafana_finds_its_sources_and_dashboard(self):
        compose = read(DOCKER / "compose.observability.yaml")
        sources = read(DOCKER / "grafana" / "provisioning" / "datasources" / "tailrace.yaml")["datasources"]
        for source in sources:
            self.assertIn(re.match(r"http://([a-z]+):", source["url"])[1], compose["services"])
        [provider] = read(DOCKER / "grafana" / "provisioning" / "dashboards" / "tailrace.yaml")["providers"]
        mounts = dict(volume.split(":")[1::-1] for volume in compose["services"]["grafana"]["volumes"])
        self.assertTrue(list((DOCKER / mounts[provider["options"]["path"]]).glob("*.json")))
        for target in read(DOCKER / "prometheus" / "prometheus.yaml")["scrape_configs"]:
            for address in target["static_configs"][0]["targets"]:
                self.assertIn(address.split(":")[0], compose["services"])


if __name__ == "__main__":
    daemon.main()
