"""Runs a command as a hardened container does: uid 10001, no capabilities, no new privileges, every mount read-only but
the directories named.

    python3 tests/support/confined.py DIRECTORY... -- COMMAND...

The command's program is mounted into the first directory's parent as `program`, so that the user can reach it wherever it was
built. Without root it takes user namespaces; where there are none it ends with 77 and says so.
"""

import ctypes
import errno
import os
import pathlib
import sys

UID = 10001
NOT_POSSIBLE = 77  # ctest's SKIP_RETURN_CODE

_NEWNS, _NEWUSER = 0x00020000, 0x10000000
_BIND, _PRIVATE, _REC = 0x1000, 1 << 18, 0x4000
_READ_ONLY, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_SETATTR = 1, -100, 0x8000, 442
_CAPBSET_DROP, _NO_NEW_PRIVS = 24, 38

libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, target: str, flags: int) -> None:
    _check(libc.mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None), f"mount {target}")


def _set_read_only(path: str, read_only: bool, flags: int = 0) -> None:
    """mount_setattr(2), which Python and glibc 2.36 do not have under one name."""
    attributes = (ctypes.c_uint64 * 4)(_READ_ONLY if read_only else 0, 0 if read_only else _READ_ONLY, 0, 0)
    _check(libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, attributes, ctypes.sizeof(attributes)), f"mount_setattr {path}")


def _new_user(inside: int) -> None:
    """A user namespace in which this user is `inside`."""
    uid, gid = os.geteuid(), os.getegid()
    _check(libc.unshare(_NEWUSER), "unshare")
    pathlib.Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    pathlib.Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1", encoding="ascii")
    pathlib.Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1", encoding="ascii")


def _become_nobody(is_root: bool) -> None:
    if not is_root:
        _new_user(UID)
    last = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        _check(libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0), "prctl")
    if is_root:
        os.setgroups([])
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
    _check(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def enter(writable: list, program: str) -> str:
    """Returns where the program is now."""
    is_root = os.geteuid() == 0
    if not is_root:
        _new_user(0)
    _check(libc.unshare(_NEWNS), "unshare")
    try:
        _mount("none", "/", _REC | _PRIVATE)
    except OSError as error:  # in a chroot the root is a mere directory
        raise PermissionError(errno.EPERM, str(error)) from None
    reachable = pathlib.Path(writable[0]).parent / "program"
    reachable.touch()
    for source, target in [(program, str(reachable))] + [(path, path) for path in writable]:
        _mount(source, target, _BIND)
    _set_read_only("/", True, _AT_RECURSIVE)
    if not is_root:
        _set_read_only("/proc", False)  # a user namespace is made by writing there
    for path in writable:
        _set_read_only(path, False)
        if is_root:
            os.chown(path, UID, UID)
    os.chdir(os.getcwd())  # onto the mounts as they are now
    _become_nobody(is_root)
    return str(reachable)


def main() -> None:
    split = sys.argv.index("--")
    writable, command = [os.path.abspath(path) for path in sys.argv[1:split]], sys.argv[split + 1:]
    try:
        program = enter(writable, command[0])
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOSPC):
            raise
        sys.stderr.write(f"this machine does not allow it: {error}\n")
        sys.exit(NOT_POSSIBLE)
    os.execv(program, command)


if __name__ == "__main__":
    main()
