"""Where things lie in a store, and which version it has.

store/lock                  held by the one writer; the kernel drops it with its holder
store/staging/              half of something; nobody reads it, the next writer empties it
store/v2/source=KEY/        one tape or one batch of journals, there as a whole or not at all
    about.json              what it is
    venue=V/symbol=S/day=D/kind=K/rows.parquet
"""

import re
from pathlib import Path
from urllib.parse import quote

from alphaloop.errors import BadConfiguration, BadTape

VERSION = 2
"""Of tables and about.json; a change of either is a new version with a migration in migration.py."""
ABOUT = "about.json"
ROWS = "rows.parquet"
_GENERATION = re.compile(r"v([1-9][0-9]{0,8})")
_LONGEST_NAME = 64


def generation(store: Path, version: int = VERSION) -> Path:
    """The folder that holds everything of one version."""
    return store / f"v{version}"


def staging(store: Path) -> Path:
    """The folder for what is not whole yet; on the store's own file system, so that a rename moves it."""
    return store / "staging"


def source_folder(generation_folder: Path, key: str) -> Path:
    """The folder of one source; DuckDB reads the key out of its name."""
    return generation_folder / f"source={key}"


def partition(venue: str, symbol: str, day: str, kind: str) -> Path:
    """Where the rows of one kind and day lie in the folder of their source."""
    return Path(
        f"venue={quote(venue, safe='')}", f"symbol={quote(symbol, safe='')}", f"day={day}", f"kind={kind}"
    )


def versions(store: Path) -> list[int]:
    """The versions that lie here, rising.  Raises BadConfiguration when one is newer than this program."""
    names = [path.name for path in store.iterdir()] if store.is_dir() else []
    found = sorted(int(match[1]) for name in names if (match := _GENERATION.fullmatch(name)))
    if found and found[-1] > VERSION:
        raise BadConfiguration(
            f"{store} was written by a newer AlphaLoop (version {found[-1]}; this one reads up to "
            f"{VERSION}): nothing was touched; upgrade AlphaLoop, or name another repository"
        )
    return found


def checked_name(name: str, what: str) -> str:
    """`name` itself if it can be the name of a venue or a symbol; raises BadTape when not."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadTape(
            f"{name[:_LONGEST_NAME]!r} is no {what}: 1 to {_LONGEST_NAME} printable characters are; correct "
            "the recording"
        )
    return name
