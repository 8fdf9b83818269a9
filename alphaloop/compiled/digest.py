"""Which program this is: one digest of all of its files."""

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


@cache
def own_digest() -> str:
    """Of this very program, as it was when somebody first asked."""
    return digest_of(PACKAGE)


def digest_of(package: Path) -> str:
    """sha256:… over every file of `package` that can be imported or read by what is.

    In an editable checkout as in a wheel what is hashed is what is imported. Left out is what Python makes of
    the files itself, what `init` copies (which only a wheel carries inside), and pages for people.
    """
    body = sha256()
    for path in sorted(_own(package)):
        body.update(f"{path.relative_to(package).as_posix()}\n".encode() + sha256(path.read_bytes()).digest())
    return f"sha256:{body.hexdigest()}"


def _own(package: Path) -> Iterator[Path]:
    # Python imports through links as well.
    for folder, folders, names in os.walk(package, followlinks=True):
        folders[:] = [name for name in folders if name not in ("__pycache__", "shipped")]
        yield from (Path(folder, name) for name in names if not name.endswith(".md"))
