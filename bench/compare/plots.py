#!/usr/bin/env python3
"""Draws the comparison: `plots.py DATA.json FOLDER` writes each picture as PNG and SVG. Needs matplotlib, which scripts/peers fetches.

The data: picture -> {"title", "axis", "bars": [{"name", "program", "value", "low", "high"}]}, or with "panels": [{"name", "points": [{"x", "value",
"low", "high"}]}] in place of the bars."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"Tailrace": "#1f6f8b", "Collector": "#c9752d", "Jaeger": "#7a5c99", "Fluent Bit": "#5d8a4a", "bare server": "#8a8f98"}


def words(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def draw_curves(picture: dict):
    panels = picture["panels"]
    figure, all_axes = pyplot.subplots(1, len(panels), figsize=(2.4 * len(panels) + 1, 2.8), sharey=True, squeeze=False)
    highest = max(point["high"] for panel in panels for point in panel["points"])
    for axes, panel in zip(all_axes[0], panels):
        points = panel["points"]
        values = [point["value"] for point in points]
        spread = [[point["value"] - point["low"] for point in points], [point["high"] - point["value"] for point in points]]
        axes.errorbar([point["x"] for point in points], values, yerr=spread, color=COLOURS["Tailrace"], ecolor="#333333", capsize=2,
                      elinewidth=0.8, marker="o", markersize=4)
        axes.set_xscale("log")
        axes.set_xticks([point["x"] for point in points], [f"{point['x']:,}".replace(",", " ") for point in points])
        axes.minorticks_off()
        axes.margins(x=0.15)
        axes.set_ylim(0, 1.08 * highest)
        axes.set_xlabel(panel["name"], fontsize=8)
        axes.tick_params(labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)
    figure.supylabel(picture["axis"].replace("; ", ";\n"), fontsize=7)
    figure.suptitle(picture["title"], fontsize=10, x=0.01, ha="left")
    return figure


def draw_bars(picture: dict):
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
    return figure


def draw(name: str, picture: dict, folder: pathlib.Path) -> None:
    figure = draw_curves(picture) if "panels" in picture else draw_bars(picture)
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
