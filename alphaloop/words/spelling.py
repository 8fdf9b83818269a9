"""How numbers, texts and little pictures are spelled."""

import math
import re
from collections.abc import Sequence

LONGEST = 300
_BARS = "▁▂▃▄▅▆▇█"
# What Markdown, HTML or a forge would act on; such text may come from a strategy or a comment.
_ACTING = {
    "\\": "\\\\",
    "|": "\\|",
    "<": "&lt;",
    "`": "'",
    "*": "\\*",
    "_": "\\_",
    "[": "\\[",
    "@": "&#64;",
    "#": "\\#",
}
_ACTED = re.compile(r"\\([\\|*_\[#])|(&lt;)|(&#64;)")


def quoted(text: str) -> str:
    """Text of others, on one line, so that nothing in it acts: no markup, no mention, no command."""
    words = " ".join(text.split())
    short = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return quoted_whole(short)


def told(text: str) -> str:
    """Words of ours in which others' may stand: `code` stays code, and outside of it nothing acts."""
    parts = re.sub("`+", "`", " ".join(text.split())).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]}'{parts[-1]}"]
    return "`".join(part if i % 2 else quoted_whole(part) for i, part in enumerate(parts))


def quoted_whole(text: str) -> str:
    """Text of others, however long, so that nothing in it acts; spaces stay as they are."""
    return "".join(_ACTING.get(character, character) for character in text)


def plain(markdown: str) -> str:
    """Markdown as a terminal shows it: without the escapes of `quoted`, and nothing moves the cursor."""
    lines = (_printable(line).rstrip() for line in markdown.split("\n"))
    return "\n".join(_ACTED.sub(_unescaped, line) for line in lines)


def one_line(text: str) -> str:
    """Text of others for a terminal: one line, and no control characters that would move the cursor."""
    return " ".join(_printable(text).split())


def number(value: float | None, unit: str = "") -> str:
    """Four digits, with its unit; a missing number is said to be missing."""
    if value is None:
        return "missing"
    return f"{value:.4g} {unit}".rstrip()


def odds(evidence: float) -> str:
    """An e-value as people bet: `24 000 to 1`."""
    if evidence < 1:
        return f"{evidence:.2g} to 1"
    return f"{evidence:,.0f} to 1".replace(",", " ") if evidence < 1e6 else f"{evidence:.1e} to 1"


def seconds(value: float) -> str:
    """A duration as people say it."""
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.1f} min"


def sparkline(values: Sequence[float], low: float, high: float, width: int = 40) -> str:
    """At most `width` bars for evenly spaced values: the lowest up to `low`, the highest from `high` on."""
    if not values or not high > low:
        return ""
    count = min(width, len(values))
    picked = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    shares = [min(1.0, max(0.0, (value - low) / (high - low))) for value in picked if not math.isnan(value)]
    return "".join(_BARS[int(share * (len(_BARS) - 1))] for share in shares)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _unescaped(escape: re.Match[str]) -> str:
    return escape[1] or ("<" if escape[2] else "@")
