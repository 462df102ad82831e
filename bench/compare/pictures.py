"""What the pictures show, and who draws them: bench/compare/plots.py, in an environment that has matplotlib."""

import json
import pathlib
import statistics
import subprocess
import sys

from programs import ROOT

from .cells import BARE, CELLS, TAILRACE, by_name
from .targets import NAMES, Evidence, NotMeasured

# The cost curve: by what, and which cells are its points.
CURVES = {"live traces": (("live_50k", 50_000), ("live_500k", 500_000), ("live_2m", 2_000_000)),
          "connections": (("connections_4", 4), ("plain", 8), ("connections_400", 400)),
          "policies": (("plain", 3), ("ten", 10)),
          "bytes a span": (("plain", 456), ("span_1k", 1024), ("span_2k", 2048))}

FOLDER = ROOT / "docs" / "images" / "bench"


def bar(runs: list, key: str, scale: float, name: str, program: str) -> dict:
    values = [run[key] / scale for run in runs]
    return {"name": name, "program": NAMES[program], "value": statistics.median(values), "low": min(values), "high": max(values)}


def bars(evidence: Evidence, wanted, key: str, scale: float) -> list:
    """`wanted`: (cell, program, name) of each bar; those that were not measured are left out."""
    made = []
    for cell, program, name in wanted:
        try:
            made.append(bar(evidence.runs(cell, program), key, scale, name, program))
        except NotMeasured:
            continue
    return made


def curves(evidence: Evidence) -> list:
    """Spans per CPU-second against each of CURVES, where there are two points at least."""
    panels = []
    for name, points in CURVES.items():
        wanted = [(by_name(cell), TAILRACE, x) for cell, x in points]
        shown = [{"x": one.pop("name"), **one} for one in bars(evidence, wanted, "spans_per_cpu_s", 1e6)]
        if len(shown) > 1:
            panels.append({"name": name, "points": shown})
    return panels


def data(evidence: Evidence) -> dict:
    """picture -> what it shows; without those that would show nothing."""
    compared = [(cell, program, f"{cell.name}: {NAMES[program]}") for cell in CELLS for program in cell.programs
                if len(cell.programs) > 1 and cell.dimension not in ("memory", "latency") and program != BARE]
    alone = [(cell, TAILRACE, cell.words) for cell in CELLS if TAILRACE in cell.programs and cell.dimension not in ("memory", "latency")]
    memory = [(cell, program, NAMES[program] + (f", {cell.storage}" if cell.storage != "none" else "")) for cell in CELLS if cell.dimension == "memory"
              for program in cell.programs]
    per_cpu = "million spans per CPU-second; median, lowest and highest round"
    made = {"speed": {"title": "Tailrace and its peers, the same load", "axis": per_cpu, "bars": bars(evidence, compared, "spans_per_cpu_s", 1e6)},
            "matrix": {"title": "Tailrace, one dimension at a time", "axis": per_cpu, "bars": bars(evidence, alone, "spans_per_cpu_s", 1e6)},
            "memory": {"title": "Resident memory, 800 000 spans waiting (367 MB on the wire)", "axis": "MB",
                       "bars": bars(evidence, memory, "rss", 1e6)}}
    made["cost"] = {"title": "What a span costs", "axis": per_cpu, "panels": curves(evidence)}
    return {name: picture for name, picture in made.items() if picture.get("bars") or picture.get("panels")}


def draw(evidence: Evidence, scripts_peers: pathlib.Path = ROOT / "scripts" / "peers", folder: pathlib.Path = FOLDER) -> tuple:
    """(names of the pictures drawn, why there are none or "")"""
    shown = data(evidence)
    if not shown:
        return [], "nothing was measured that could be drawn"
    file = ROOT / "build" / "bench" / "pictures.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(shown, indent=1), encoding="utf-8")
    try:
        python = with_matplotlib(scripts_peers)
        subprocess.run([python, pathlib.Path(__file__).with_name("plots.py"), file, folder], check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        return [], f"{error} {getattr(error, 'stderr', '') or ''}".strip()
    return list(shown), ""


def with_matplotlib(scripts_peers: pathlib.Path) -> str:
    """An interpreter that has it: this one (Debian's python3-matplotlib), or that of `scripts/peers plots`."""
    if subprocess.run([sys.executable, "-c", "import matplotlib"], capture_output=True, check=False).returncode == 0:
        return sys.executable
    subprocess.run([scripts_peers, "plots"], check=True, capture_output=True, text=True, timeout=1800)
    where = subprocess.run([scripts_peers, "--where"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{where}/plots/bin/python"
