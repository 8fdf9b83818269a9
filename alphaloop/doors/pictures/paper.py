"""The sheet that pictures are drawn on, and the files that it becomes.

The same figure gives the same bytes: no dates, no random ids, and no window system behind it.
"""

import html
import os
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alphaloop.errors import Misuse

SUFFIXES = (".svg", ".png", ".html")
WIDTH_IN = 9.0
PNG_DPI = 130
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "alphaloop",
    # Text stays text: it can be searched and read aloud, and the file is half as large.
    "svg.fonttype": "none",
    # One name instead of matplotlib's ten: it stands beside every word of the file.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    # A dollar in a strategy's message is a dollar.
    "text.parse_math": False,
    "hatch.linewidth": 0.4,
    "path.simplify_threshold": 0.3,
}
_PLACES = re.compile(r' (?:d|x|y)="[^"]*"')
_DIGITS = re.compile(r"(\d+\.\d)\d+")
_MARGINS = re.compile(r"\n +")
_SPACES = re.compile(r"\s*([MLCQz])\s*")


def refuse(path: Path) -> None:
    """Refuse a file that no picture can be written to; asked before anything is played."""
    if path.suffix not in SUFFIXES:
        raise Misuse(f"{path.name!r} is no picture that can be drawn: let it end in {', '.join(SUFFIXES)}")
    if path.is_dir():
        raise Misuse(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise Misuse(f"there is no folder {path.parent}; make it or name another")
    place = path if path.exists() else path.parent
    if not os.access(place, os.W_OK):
        raise Misuse(f"{place} cannot be written to; name another file")


def sheet(heights: Sequence[float]) -> tuple[Figure, list[Axes]]:
    """A figure with one panel above the other, all over the same time; heights in inches.  Within STYLE."""
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + 0.9), layout="constrained")
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=list(heights), squeeze=False)
    return figure, [row[0] for row in panels]


def plain(text: str) -> str:
    """`text` in letters that every font has, on one line: names and messages come from files of others."""
    letters = " ".join(text.split()).encode("latin-1", "replace").decode("latin-1")
    return "".join(letter if letter.isprintable() else "?" for letter in letters)


def save(figure: Figure, path: Path, title: str) -> None:
    """Write `figure` to `path`, in the format that its suffix says; title: what a page is called."""
    if path.suffix == ".png":
        path.write_bytes(_drawn(figure, "png"))
        return
    drawn = _short(_drawn(figure, "svg").decode())
    path.write_text(drawn if path.suffix == ".svg" else _page(drawn, title), encoding="utf-8")


def _drawn(figure: Figure, kind: str) -> bytes:
    buffer = BytesIO()
    nameless = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=nameless)
    return buffer.getvalue()


def _short(drawn: str) -> str:
    """The same lines to a tenth of a point, without the spaces: half of the file."""
    shorter = _PLACES.sub(lambda place: _SPACES.sub(r"\1", _DIGITS.sub(r"\1", place[0])), drawn)
    return _MARGINS.sub("\n", shorter)


def _page(drawn: str, title: str) -> str:
    named = html.escape(plain(title))
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{named}</title></head>\n'
        f"<body>\n<h1>{named}</h1>\n{drawn[drawn.index('<svg') :]}</body>\n</html>\n"
    )
