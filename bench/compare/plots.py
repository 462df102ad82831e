#!/usr/bin/env python3
"""Draws the comparison: `plots.py DATA.json FOLDER` writes each picture as PNG and SVG. Needs matplotlib, which scripts/peers fetches.

The data: picture -> {"title", "axis", "bars": [{"name", "program", "value", "low", "high"}]}."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"Tailrace": "#1f6f8b", "Collector": "#c9752d", "Jaeger": "#7a5c99", "Fluent Bit": "#5d8a4a", "bare server": "#8a8f98"}


def words(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def draw(name: str, picture: dict, folder: pathlib.Path) -> None:
    bars = picture["bars"]
    figure, axes = pyplot.subplots(figsize=(8, 1 + 0.34 * len(bars)))
    places = range(len(bars))
    axes.barh(places, [bar["value"] for bar in bars], color=[COLOURS[bar["program"]] for bar in bars], height=0.7,
              xerr=[[bar["value"] - bar["low"] for bar in bars], [bar["high"] - bar["value"] for bar in bars]],
              error_kw={"ecolor": "#333333", "capsize": 2, "linewidth": 0.8})
    axes.set_yticks(places, [bar["name"] for bar in bars], fontsize=8)
    axes.margins(y=0.02)
    axes.invert_yaxis()
    axes.set_xlabel(picture["axis"], fontsize=8)
    axes.set_title(picture["title"], fontsize=10, loc="left")
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    highest = max(bar["high"] for bar in bars)
    axes.set_xlim(0, 1.18 * highest)
    for place, bar in zip(places, bars):
        axes.text(bar["high"] + 0.012 * highest, place, words(bar["value"]), va="center", fontsize=8)
    figure.tight_layout()
    for suffix in ("png", "svg"):
        metadata = {"Date": None} if suffix == "svg" else {"Software": None}
        figure.savefig(folder / f"{name}.{suffix}", dpi=144, metadata=metadata)
    pyplot.close(figure)


def main() -> int:
    data, folder = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    matplotlib.rcParams["svg.hashsalt"] = "tailrace"
    for name, picture in data.items():
        draw(name, picture, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
