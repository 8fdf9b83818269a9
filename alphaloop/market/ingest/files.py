"""Reading a file line by line, within bounds: plain text, gzip, or a zip archive with one member.

A recording comes from elsewhere, so it may be a directory, a bomb or one endless line.  Nothing here holds
more than a block and one line of it at a time.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from alphaloop.errors import BadTape

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
BLOCK_BYTES = 1 << 20
MOST_LINE_BYTES = 4 << 20
"""The whole book of a venue, the longest message there is, takes a twentieth of this."""
MOST_GROWTH = 200
"""Messages and dumps shrink 5 to 30 times when they are packed; zeros shrink 1,000 times."""
FREE_BYTES = 256 << 20
"""What every file may unpack to, however small it is."""

FAULTS = (EOFError, ValueError, RuntimeError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)
"""What unpacking raises when a file is not what its first bytes say."""

Block = tuple[int, list[bytes]]
TOO_LONG = b""
"""What stands in place of a line that is too long to be read: no message, like any other corrupt line."""


def line_blocks(path: Path) -> Iterator[Block]:
    """The lines of a file without their ends, block by block, each with the number of its first line.

    Lines count from 1.  A line of more than MOST_LINE_BYTES is given as TOO_LONG.  Raises BadTape, with file
    and line, when the file is missing, unreadable, no regular file, unpacks beyond all measure, or is packed
    and cut short: what cannot be read to the end has lost an unknown number of events.
    """
    number = 1
    try:
        with opened(path) as stream:
            for lines in _lines(stream, path):
                yield number, lines
                number += len(lines)
    except FAULTS as fault:
        raise BadTape(
            f"{path}:{number}: the packed stream is cut short or damaged ({fault}); copy it again, or unpack "
            "what is left of it and ingest that"
        ) from fault
    except OSError as fault:
        raise BadTape(f"{path}: cannot be read ({fault.strerror or fault}); name a recorded file") from fault


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """The unpacked bytes of a file; raises OSError, BadTape, or what the unpacking raises."""
    if path.exists() and not path.is_file():
        raise BadTape(f"{path}: is no regular file; name the files in it, or copy it to one")
    with path.open("rb") as packed:
        magic = packed.read(len(ZIP_MAGIC))
        packed.seek(0)
        if magic == ZIP_MAGIC:
            with zipfile.ZipFile(packed) as archive, archive.open(only_member(archive, path)) as member:
                # A member of an archive reads like a file; typeshed calls it by the wider name.
                yield cast("BufferedIOBase", member)
        elif magic.startswith(GZIP_MAGIC):
            yield gzip.GzipFile(fileobj=packed)
        else:
            yield packed


def only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one file in an archive; raises BadTape when there are more or none, or when it is locked."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise BadTape(f"{path}: the archive holds {len(members)} files and not one; unpack it and name them")
    if members[0].flag_bits & 1 or members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadTape(f"{path}: the archive is locked, or packed in an unusual way; unpack it first")
    return members[0]


def _lines(stream: BufferedIOBase, path: Path) -> Iterator[list[bytes]]:
    """Whole lines, block by block."""
    begun: list[bytes] = []
    length = 0
    for block in _blocks(stream, path):
        first, *rest = block.split(b"\n")
        length += len(first)
        begun = [*begun, first] if length <= MOST_LINE_BYTES else [TOO_LONG]
        if rest:
            yield [b"".join(begun), *rest[:-1]]
            begun, length = rest[-1:], len(rest[-1])
    if length:
        yield [b"".join(begun)]


def _blocks(stream: BufferedIOBase, path: Path) -> Iterator[bytes]:
    bound = max(FREE_BYTES, MOST_GROWTH * path.stat().st_size)
    total = 0
    while block := stream.read1(BLOCK_BYTES):
        total += len(block)
        if total > bound:
            raise BadTape(
                f"{path}: it unpacks to more than {MOST_GROWTH} times its size, which no recording does; "
                "unpack it yourself if you trust it"
            )
        yield block
