"""Runs the benchmarks one after the other, and ends with one table of what they measured.

python benchmarks [NAME ...]

Exits with 1 when a benchmark fails, takes too long, or says nothing that belongs in the table.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from figure import Figure, read

from alphaloop.compiled.standing import standing

FOLDER = Path(__file__).resolve().parent
STARTS = 'if __name__ == "__main__":'
"""What a benchmark ends with, and what helps benchmarks does not."""
WALL_S = 240.0
HEADS = ("what", "ours", "peer or limit", "ratio", "wanted", "")


def main(names: Sequence[str]) -> int:
    """Run what is named, or all, and print the table."""
    there = sorted(path.stem for path in FOLDER.glob("[!_]*.py") if STARTS in path.read_text())
    if unknown := sorted(set(names) - set(there)):
        print(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(there)}", file=sys.stderr)
        return 2
    print(f"alphaloop: {standing().words}")
    rows = [row for name in names or there for row in _rows(name)]
    print()
    for line in _table(rows):
        print(line)
    return 1 if any(row[-1].startswith("BROKEN") for row in rows) else 0


def _rows(name: str) -> list[tuple[str, ...]]:
    """What one benchmark adds to the table; its own words pass through while it runs."""
    print(f"\n== {name}", flush=True)
    figures: list[Figure] = []
    trouble = ""
    # A session of its own: what a benchmark leaves behind when it fails ends with it.
    command = [sys.executable, str(FOLDER / f"{name}.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        late = threading.Timer(WALL_S, os.killpg, (running.pid, signal.SIGKILL))
        late.start()
        try:
            for line in running.stdout or ():
                try:
                    said = read(line)
                except ValueError as error:
                    said, trouble = None, str(error)
                if said:
                    figures.append(said)
                else:
                    print(line, end="", flush=True)
            code = running.wait()
        finally:
            late.cancel()
            _end(running.pid)
    return list(_told(name, figures, trouble or _trouble(code, figures)))


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _trouble(code: int, figures: Sequence[Figure]) -> str:
    if code == -signal.SIGKILL:
        return f"killed, perhaps after {WALL_S:g} s"
    if code:
        return f"exit code {code}"
    twice = [name for name, count in Counter(row.name for row in figures).items() if count > 1]
    if twice:
        return f"said {twice[0]!r} twice"
    return "" if figures else "said nothing for the table"


def _told(name: str, figures: Sequence[Figure], trouble: str) -> Iterator[tuple[str, ...]]:
    for row in figures:
        if row.ratio is None:
            yield (row.name, "", "", "", row.wanted, f"NOT RUN: {row.ours}")
        else:
            met = {None: "", True: "met", False: "NOT MET"}[row.met]
            yield (row.name, row.ours, row.peer, f"{row.ratio:.2f}", row.wanted, met)
    if trouble:
        yield (name, "", "", "", "", f"BROKEN: {trouble}")


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in (HEADS, *rows)) for at in range(len(HEADS) - 1)]
    for row in (HEADS, ("-" * width for width in (*widths, 0)), *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
