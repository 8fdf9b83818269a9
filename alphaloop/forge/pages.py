"""The pages that people read: beside the ledger in git, and as ignored files in the work tree."""

import os
from collections.abc import Mapping
from threading import get_ident

from alphaloop.errors import Misuse, RepositoryFailure
from alphaloop.forge.chain import PAGES
from alphaloop.forge.folders import Folders
from alphaloop.forge.objects import Object


def blobs(pages: Mapping[str, str]) -> dict[str, Object]:
    """The pages as blobs; raises Misuse for a name that is no page."""
    strange = sorted(set(pages) - set(PAGES))
    if strange:
        raise Misuse(f"{strange[0]!r} is no page of the ledger: render {' or '.join(PAGES)}")
    return {name: Object("blob", text.encode()) for name, text in pages.items()}


def show(folders: Folders, pages: Mapping[str, str]) -> None:
    """Write the pages into the work tree, each at once; a bare repository has none."""
    if folders.bare:
        return
    for name, text in pages.items():
        fresh = folders.root / f".{name}.{os.getpid()}.{get_ident()}"
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(folders.root / name)
        except OSError as wrong:
            raise RepositoryFailure(
                f"{folders.root / name} cannot be written: {wrong}; free it, run again"
            ) from wrong
