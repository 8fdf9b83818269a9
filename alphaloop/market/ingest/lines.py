"""Reading a recording line by line: gzip or plain text, `<local receive time, ns> <raw JSON message>`."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from alphaloop.errors import BadTape

GZIP_MAGIC = b"\x1f\x8b"


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every line with its number, counted from 1.

    Raises BadTape, with file and line, when the file is missing, unreadable or a gzip stream that is cut
    short: what cannot be read to the end has lost an unknown number of events.
    """
    number = 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, start=1):
                yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise BadTape(
            f"{path}:{number + 1}: the gzip stream is cut short or damaged ({fault}); copy it again"
        ) from fault
    except OSError as fault:
        raise BadTape(f"{path}: cannot be read ({fault.strerror or fault}); name a recorded file") from fault


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as probe:
        zipped = probe.read(2) == GZIP_MAGIC
    # A GzipFile reads like any binary file; typeshed gives the two no common name.
    return cast("IO[bytes]", gzip.GzipFile(path)) if zipped else path.open("rb")
