"""The image that workers live in: named by what is in it, so that nobody can put another in its place."""

import os
import re
from contextlib import closing

from alphaloop.errors import Misuse, SandboxUnavailable
from alphaloop.sandbox.docker.engine import Engine
from alphaloop.sandbox.docker.words import BUILD, IMAGE

_DIGEST = r"sha256:[0-9a-f]{64}"
_PINNED = re.compile(rf"(?:([a-z0-9][a-z0-9._:/-]{{0,200}})@)?({_DIGEST})", re.ASCII)


def image_here() -> str:
    """The id of the image that this process's environment names; raises as `image_id` does, or unnamed."""
    name = os.environ.get(IMAGE, "")
    if not name:
        raise SandboxUnavailable(f"no image is named for docker: {BUILD}, and set {IMAGE} to its id")
    with closing(Engine()) as engine:
        return image_id(engine, name)


def image_id(engine: Engine, pinned: str) -> str:
    """The id of the image that `pinned` names, sha256:… or NAME@sha256:…, which must be there already.

    Raises Misuse for a name that could mean another image tomorrow.
    """
    said = _PINNED.fullmatch(pinned)
    if said is None:
        raise Misuse(
            f"{pinned[:200]!r} names no image by its digest: write sha256:… (`docker images --no-trunc`) "
            "or NAME@sha256:…"
        )
    name, digest = said.groups()
    facts = engine.image(pinned)
    if facts is None:
        raise SandboxUnavailable(f"the engine has no image {pinned}: load or pull it, or {BUILD}")
    found = str(facts["Id"])
    known = {str(each).rpartition("@")[2] for each in facts.get("RepoDigests") or ()}
    if digest not in ({found} | known if name else {found}):
        raise SandboxUnavailable(f"the engine takes {found} for the image {pinned}, which it is not")
    return found
