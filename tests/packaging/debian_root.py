"""A clean Debian 12 root for one test: a copy of one that scripts/debian-root makes once, in ${XDG_CACHE_HOME:-~/.cache}/tailrace/debian-root.
Needs root. Commands run in mount namespaces of their own, so that nothing stays mounted whatever happens."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from tests.support import daemon

FIRST = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "tailrace" / "debian-root" / "bookworm"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "TERM": "dumb", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
# A root of its own, with /proc and /dev; `$1` is the root. Read-only where `$2` is `ro`: everything but /var/lib/tailrace, as in the image.
ENTER = """set -e
mount --bind "$1" "$1"
cd "$1"
mount --bind /dev dev
if [ "$2" = ro ]; then
  mount --bind var/lib/tailrace var/lib/tailrace
  mount -o remount,bind,ro "$1"
fi
mount -t proc proc proc
shift 2
exec /usr/sbin/chroot . "$@"
"""


class DebianRoot:
    """Use it with `with`."""

    def __init__(self):
        if os.geteuid() != 0:
            raise AssertionError("this test makes a Debian root and enters it: it needs root")
        FIRST.parent.mkdir(parents=True, exist_ok=True)
        made = subprocess.run([daemon.SOURCE_DIR / "scripts" / "debian-root", str(FIRST)], capture_output=True, text=True, check=False, timeout=800)
        if made.returncode != 0:
            raise AssertionError(f"no Debian root can be made here: {made.stderr}")
        self._scratch = tempfile.mkdtemp(prefix="tailrace-root-")
        os.chmod(self._scratch, 0o755)
        self.path = pathlib.Path(self._scratch) / "root"

    def __enter__(self) -> "DebianRoot":
        subprocess.run(["cp", "-a", "--reflink=auto", str(FIRST), str(self.path)], check=True)
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self._scratch)

    def command(self, args: list, read_only: bool = False) -> list:
        """What runs `args` inside."""
        return ["unshare", "--mount", "sh", "-c", ENTER, "sh", str(self.path), "ro" if read_only else "rw", *args]

    def run(self, *args: str, check: bool = True, timeout: float = 600) -> subprocess.CompletedProcess:
        done = subprocess.run(self.command(list(args)), env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(args)} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def size(self) -> int:
        """Bytes of all files, as an image's layer counts them."""
        seen, total = set(), 0
        for folder, folders, names in os.walk(self.path):
            for name in names + folders:
                status = os.lstat(os.path.join(folder, name))
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    total += status.st_size if not os.path.isdir(os.path.join(folder, name)) else 0
        return total
