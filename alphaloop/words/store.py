"""What `alphaloop store` prints."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from alphaloop.words.spelling import number, one_line, seconds

EMPTY = (
    "nothing is kept here yet: `alphaloop ingest FILE` keeps a recording, and `alphaloop simulate` the "
    "journal of an episode"
)
_HELD = ("venue", "symbol", "day", "kind", "rows", "size", "from", "to")
_SOURCES = ("source", "what", "of", "span", "gaps", "missing ids", "size", "from")
_WIDEST = 40
_SIDES = {
    ("canary", "head"): "the release",
    ("canary", "base"): "its shadow",
    ("tournament", "head"): "the candidate",
    ("tournament", "base"): "main",
}


class Held(Protocol):
    """The rows of one venue, symbol, day and kind."""

    @property
    def venue(self) -> str:
        """Where they are from."""

    @property
    def symbol(self) -> str:
        """What they are of."""

    @property
    def day(self) -> str:
        """In UTC."""

    @property
    def kind(self) -> str:
        """Which table they are in."""

    @property
    def rows(self) -> int:
        """How many."""

    @property
    def bytes(self) -> int:
        """On disk."""

    @property
    def first_ns(self) -> int:
        """The earliest time."""

    @property
    def last_ns(self) -> int:
        """The latest time."""


class Origin(Protocol):
    """A tape, or the journals of a run."""

    @property
    def key(self) -> str:
        """Its name in the store."""

    @property
    def what(self) -> str:
        """Tape or journals."""

    @property
    def venue(self) -> str:
        """Where it is from."""

    @property
    def symbol(self) -> str:
        """What it is of."""

    @property
    def origin(self) -> str:
        """The file, or the run."""

    @property
    def digest(self) -> str:
        """Of a tape, as market.yaml pins it."""

    @property
    def bytes(self) -> int:
        """On disk."""

    @property
    def first_ns(self) -> int:
        """The earliest time."""

    @property
    def last_ns(self) -> int:
        """The latest time."""

    @property
    def gaps(self) -> int:
        """Spans on which nothing is judged."""

    @property
    def gap_s(self) -> float:
        """Their length."""

    @property
    def sequence_gaps(self) -> int:
        """Missing sequence ids."""


def store_page(held: Sequence[Held], origins: Sequence[Origin], size: int) -> str:
    """Everything that is kept, first by place and then by source; for an empty store, what to do."""
    if not origins:
        return EMPTY
    lines = table(_HELD, [_held(rows) for rows in held])
    lines += ["", *table(_SOURCES, [_origin(source) for source in origins])]
    lines += [f"{source.key[:12]}  {source.digest}" for source in origins if source.digest]
    return "\n".join([*lines, "", f"{_size(size)} on disk"])


def answer_page(columns: Sequence[str], rows: Sequence[Sequence[Any]], cut: bool) -> str:
    """What SQL answered, as a table; texts of others are one line and move no cursor."""
    shown = [["" if value is None else _cell(value) for value in row] for row in rows]
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    more = ", and there are more: `--rows N` shows more of them" if cut else ""
    return "\n".join([*table([_cell(column) for column in columns], shown), f"{count}{more}"])


def kept_run(run: Mapping[str, Any]) -> str:
    """Where kept journals come from, in a few words."""
    side = _SIDES.get((str(run.get("by")), str(run.get("side"))))
    if side is not None:
        return one_line(f"{side} in the {run['by']} of #{run.get('change')}")
    names = sorted(run, key=lambda name: (name != "by", name))
    return one_line(", ".join(f"{name} {run[name]}" for name in names))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    ruled = (heads, ["─" * width for width in widths], *rows)
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in ruled
    ]


def _held(rows: Held) -> tuple[str, ...]:
    place = (one_line(rows.venue), one_line(rows.symbol), rows.day, rows.kind)
    return (*place, str(rows.rows), _size(rows.bytes), _clock(rows.first_ns), _clock(rows.last_ns))


def _origin(source: Origin) -> tuple[str, ...]:
    span = seconds((source.last_ns - source.first_ns) / 1e9)
    gaps = f"{source.gaps} ({seconds(source.gap_s)})" if source.gaps else "0"
    market = one_line(f"{source.symbol} on {source.venue}")
    missing = str(source.sequence_gaps) if source.what == "tape" else ""
    return (
        source.key[:12],
        source.what,
        market,
        span,
        gaps,
        missing,
        _size(source.bytes),
        _cell(source.origin),
    )


def _size(size: int) -> str:
    for unit, many in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= many:
            return f"{size / many:.1f} {unit}"
    return f"{size} B"


def _clock(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).strftime("%H:%M:%S")


def _cell(value: Any) -> str:
    text = number(value) if isinstance(value, float) else one_line(str(value))
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
