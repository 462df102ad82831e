"""Counts a program's instructions with valgrind's callgrind, so that a figure is the same on every x86-64 machine and however busy it is.

Two things are pinned. Valgrind says of itself that it is one certain processor, whatever the machine has (no AVX-512), but whether that one has
AVX2 follows the machine; and libraries choose among variants of the same function by it. glibc is told to take those of plain SSE2 (memcpy,
memchr and their like), and without `rep movsb`, of which callgrind counts every byte; simdjson those of SSE4.2. So what a case spends in the
libraries is not what it spends in production, but it is always the same. Besides, the environment is empty: its size moves the stack."""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

PINNED = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX_Fast_Unaligned_Load,-BMI1,-BMI2,-LZCNT,-MOVBE,-FMA,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2",
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
}
TIMEOUT_S = 300


class CallgrindError(Exception):
    """Why nothing was counted, in words."""


@dataclasses.dataclass(frozen=True)
class Counted:
    spans: int
    instructions: int


def find_valgrind(asked: str = None) -> str:
    found = shutil.which(asked or "valgrind")
    if found is None:
        raise CallgrindError(f"there is no {asked or 'valgrind'}: `scripts/setup bench` installs Debian's package `valgrind`")
    return found


def count(valgrind: str, program: pathlib.Path, args: list, out: pathlib.Path) -> Counted:
    """Runs the program, which prints a number of spans; what callgrind has to say of it stands in `out` afterwards."""
    command = [valgrind, "--tool=callgrind", "--quiet", f"--callgrind-out-file={out}", str(program), *map(str, args)]
    words = " ".join([program.name, *map(str, args)])
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, env={"PATH": os.defpath, **PINNED})
    except subprocess.TimeoutExpired:
        raise CallgrindError(f"{words}: not done after {TIMEOUT_S} s under callgrind") from None
    if done.returncode != 0 or not done.stdout.strip().isdigit():
        raise CallgrindError(f"{words} under callgrind ended with {done.returncode} and said: {(done.stdout + done.stderr).strip()[-1000:]}")
    return Counted(int(done.stdout), total(out))


def total(out: pathlib.Path) -> int:
    try:
        found = re.search(r"^(?:totals|summary): (\d+)$", out.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError as error:
        raise CallgrindError(f"callgrind wrote nothing: {error}") from None
    if found is None:
        raise CallgrindError(f"{out} has no total: not written to its end?")
    return int(found.group(1))


def by_function(out: pathlib.Path) -> dict:
    """Function -> the instructions in it, without those of what it calls."""
    names, costs = {}, {}
    now, of_call = None, False
    for line in out.read_text(encoding="utf-8", errors="replace").splitlines():
        defined = re.match(r"c?fn=\((\d+)\)(?: (.*))?$", line)
        if defined:
            if defined.group(2):
                names[defined.group(1)] = defined.group(2)
            if line.startswith("fn="):
                now = names[defined.group(1)]
        elif line.startswith("calls="):
            of_call = True  # the next line has the costs of what is called
        elif re.match(r"[+\-*\d]\S* \d+$", line) and now is not None:
            if not of_call:
                costs[now] = costs.get(now, 0) + int(line.split()[1])
            of_call = False
    return costs


def top_functions(fewer: pathlib.Path, more: pathlib.Path, spans: int, top: int) -> list:
    """(function, instructions per span) of those with the most, between the two runs."""
    before, after = by_function(fewer), by_function(more)
    costs = [(name, (cost - before.get(name, 0)) / spans) for name, cost in after.items()]
    return sorted(costs, key=lambda pair: -pair[1])[:top]
