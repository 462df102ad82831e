"""The Debian package in a clean Debian 12 root: installed, upgraded with a configuration that was changed, removed, purged."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from tests.packaging.debian_root import DebianRoot
from tests.support import daemon

PACKAGING = daemon.SOURCE_DIR / "packaging"
INSTALL = ("apt-get", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "install", "--no-install-recommends")


def make_deb(into: pathlib.Path, version: str = None) -> pathlib.Path:
    """The package of the daemon that is built; of another version by its number."""
    with tempfile.TemporaryDirectory(prefix="tailrace-test-") as build:
        subprocess.run(["cmake", "-S", str(PACKAGING), "-B", build, f"-DTAILRACE_PROGRAM={os.path.abspath(daemon.BINARY)}"], check=True, stdout=subprocess.DEVNULL)
        args = ["cpack", "-B", str(into)] + (["-D", f"CPACK_PACKAGE_VERSION={version}"] if version else [])
        done = subprocess.run(args, cwd=build, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
    [made] = into.glob(f"tailrace_{version or '*'}_*.deb")
    return made


def fields(package: pathlib.Path) -> dict:
    text = subprocess.run(["dpkg-deb", "--field", str(package)], capture_output=True, text=True, check=True).stdout
    return dict(line.split(": ", 1) for line in text.splitlines() if re.match(r"[A-Z][\w-]*: ", line))


class DebTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.debs = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tailrace-test-")))
        cls.deb = make_deb(cls.debs)

    def test_what_it_says_of_itself(self):
        said = fields(self.deb)
        self.assertEqual((said["Package"], said["Version"]), ("tailrace", re.search(r"version (\S+)", daemon.run_to_end(["--version"]).stdout)[1]))
        for library in ("libc6 (>= ", "libssl3 (>= ", "libgrpc++1.51 (>= "):
            self.assertIn(library, said["Depends"])

    def test_what_is_in_it(self):
        listed = subprocess.run(["dpkg-deb", "--contents", str(self.deb)], capture_output=True, text=True, check=True).stdout
        entries = {line.split()[5].lstrip("."): line.split()[:2] for line in listed.splitlines()}
        for name, mode in (("/usr/bin/tailrace", "-rwxr-xr-x"), ("/etc/tailrace/config.yaml", "-rw-r--r--"), ("/usr/lib/systemd/system/tailrace.service", "-rw-r--r--"),
                           ("/usr/lib/sysusers.d/tailrace.conf", "-rw-r--r--"), ("/usr/share/man/man1/tailrace.1.gz", "-rw-r--r--"),
                           ("/usr/share/doc/tailrace/copyright", "-rw-r--r--"), ("/usr/share/doc/tailrace/changelog.gz", "-rw-r--r--")):
            self.assertEqual(entries.get(name), [mode, "root/root"], name)

    def test_its_life(self):
        newer = make_deb(self.debs, "9.9.9")
        with DebianRoot() as root:
            def copy_in(deb: pathlib.Path) -> str:
                (root.path / "tmp" / deb.name).write_bytes(deb.read_bytes())
                return f"/tmp/{deb.name}"

            def status() -> str:
                return root.run("dpkg-query", "-W", "-f", "${Status} ${Version}", "tailrace", check=False).stdout
            config = root.path / "etc" / "tailrace" / "config.yaml"

            root.run("apt-get", "-qq", "update")
            root.run(*INSTALL, copy_in(self.deb))
            self.assertIn("install ok installed", status())
            root.run("tailrace", "validate", "--config", "/etc/tailrace/config.yaml")
            self.assertRegex(root.run("getent", "passwd", "tailrace").stdout, r"^tailrace:x:\d+:\d+:.*:/var/lib/tailrace:/usr/sbin/nologin$")
            enabled = root.path / "etc/systemd/system/multi-user.target.wants/tailrace.service"
            self.assertTrue(enabled.is_symlink())
            self.assertIn("/etc/tailrace/config.yaml", root.run("dpkg-query", "-W", "-f", "${Conffiles}", "tailrace").stdout)

            # The new package's own default differs too; the changed file stays, the new one is put beside it.
            shipped = config.read_text(encoding="utf-8")
            config.write_text(shipped.replace("decision_wait: 10s", "decision_wait: 25s"), encoding="utf-8")
            root.run("sh", "-c", f"cd /tmp && dpkg-deb -R {newer_in(root, newer)} new && echo '# of 9.9.9' >>new/etc/tailrace/config.yaml && "
                     "sed -i '/config.yaml/d' new/DEBIAN/md5sums && dpkg-deb --root-owner-group -b new new.deb")
            root.run("apt-get", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold", "install", "/tmp/new.deb")
            self.assertIn("install ok installed 9.9.9", status())
            self.assertIn("decision_wait: 25s", config.read_text(encoding="utf-8"))
            self.assertIn("# of 9.9.9", config.with_name("config.yaml.dpkg-dist").read_text(encoding="utf-8"))

            state = root.path / "var" / "lib" / "tailrace"
            state.mkdir(exist_ok=True)
            (state / "queue").write_text("kept traces", encoding="utf-8")
            root.run("apt-get", "-y", "-qq", "remove", "tailrace")
            self.assertTrue(config.exists() and (state / "queue").exists(), "a removal leaves what is the user's")
            self.assertFalse((root.path / "usr" / "bin" / "tailrace").exists())
            config.with_name("config.yaml.dpkg-dist").unlink(missing_ok=True)
            root.run("apt-get", "-y", "-qq", "purge", "tailrace")
            self.assertFalse(config.parent.exists() or state.exists() or enabled.is_symlink(), "a purge leaves nothing")
            self.assertNotIn("install", status())


def newer_in(root: DebianRoot, deb: pathlib.Path) -> str:
    (root.path / "tmp" / deb.name).write_bytes(deb.read_bytes())
    return f"/tmp/{deb.name}"


if __name__ == "__main__":
    daemon.main()
