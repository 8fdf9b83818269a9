"""Arrays out of an `.npz` of unknown origin, within bounds."""

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from numpy.lib import format as npy
from numpy.typing import NDArray

from alphaloop.market.ingest.files import FREE_BYTES, MOST_GROWTH

Arrays = Mapping[str, NDArray[Any]]
# numpy ships these without types.
_version: Any = npy.read_magic
_headers: Mapping[tuple[int, int], Any] = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}
_array: Any = npy.read_array


def arrays(stream: IO[bytes], path: Path) -> Arrays:
    """All arrays in `stream` by name.  Raises ValueError, BadZipFile or what the unpacking raises.

    No pickle is opened, and no more memory is taken than the archive says to hold, which must be in
    proportion to its size.
    """
    # Asked first, because numpy takes whatever is no archive for a pickle, and says how to trust it.
    if not zipfile.is_zipfile(stream):
        raise zipfile.BadZipFile("it is no .npz archive")
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        held = sum(member.file_size for member in members)
        if held > max(FREE_BYTES, MOST_GROWTH * path.stat().st_size):
            raise ValueError(f"it unpacks to {held} bytes, more than {MOST_GROWTH} times its size")
        return {member.filename.removesuffix(".npy"): _read(archive, member) for member in members}


def is_npz(path: Path) -> bool:
    """Whether a file is an archive of arrays, by its content; False when it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile):
        return False
    return bool(names) and all(name.endswith(".npy") for name in names)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as stream:
        version = _version(stream)
        if version not in _headers:
            raise ValueError(f"{member.filename} has the unknown version {version}")
        shape, _, dtype = _headers[version](stream)
        # numpy believes the header and makes room before it reads.
        if math.prod(shape) * dtype.itemsize > member.file_size:
            raise ValueError(f"{member.filename} says to hold more than it does")
    with archive.open(member) as stream:
        made: NDArray[Any] = _array(stream, allow_pickle=False)
    return made
