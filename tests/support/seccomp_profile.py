"""Runs a command under a container's seccomp profile, the JSON file as Docker and Kubernetes read it.

    python3 tests/support/seccomp_profile.py PROFILE [--without SYSCALL] -- COMMAND...
"""

import json
import os
import sys

import seccomp  # Debian's python3-seccomp

ACTIONS = {"SCMP_ACT_ALLOW": seccomp.ALLOW}


def names(profile: dict) -> list:
    return [name for group in profile["syscalls"] for name in group["names"]]


def is_known(name: str, arch: int) -> bool:
    """libseccomp has a number below zero for a call that exists on another architecture, and -1 for none at all."""
    return seccomp.resolve_syscall(arch, name) >= 0


def load(profile: dict, without: str) -> None:
    """Filters this process and what it becomes, for this machine's architecture."""
    if profile["defaultAction"] != "SCMP_ACT_ERRNO" or any(set(group) - {"comment", "names", "action"} for group in profile["syscalls"]):
        raise ValueError("this launcher knows no such profile")
    filtered = seccomp.SyscallFilter(seccomp.ERRNO(profile["defaultErrnoRet"]))  # sets no_new_privs
    if without and without not in names(profile):
        raise ValueError(f"{without} is not in the profile")
    for group in profile["syscalls"]:
        for name in group["names"]:
            if name != without and is_known(name, seccomp.Arch()):
                filtered.add_rule(ACTIONS[group["action"]], name)
    filtered.load()


def main() -> None:
    split = sys.argv.index("--")
    path, *options = sys.argv[1:split]
    with open(path, encoding="utf-8") as file:
        profile = json.load(file)
    command = sys.argv[split + 1:]
    load(profile, options[1] if options else "")
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
