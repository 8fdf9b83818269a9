"""Another repository, reached with plain git: what it has is fetched beside ours, and ours is pushed to it.

Nothing is ever forced.  A push moves every reference or none, and only where it stands as it was fetched, so
whoever pushed in between makes it fail and is fetched first.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from alphaloop.errors import Misuse, RepositoryFailure
from alphaloop.forge.git import Repository

_STAGE = "refs/fetched"
_PLAIN = re.compile(r"(?!-)[^\x00-\x20\x7f]([^\x00-\x1f\x7f]{0,998}[^\x00-\x20\x7f])?")
# What git may speak: never a helper program that an address names.
_SPOKEN = ("protocol.allow=never", *(f"protocol.{one}.allow=always" for one in ("file", "https", "ssh")))
_HERE = tuple(word for setting in _SPOKEN for word in ("-c", setting))
_WHOLE = ("refs/heads/*", "refs/alphaloop/*")


def checked(remote: str) -> str:
    """`remote` itself; raises Misuse when git would not take it as a name, a folder or an address."""
    if not _PLAIN.fullmatch(remote) or "::" in remote:
        raise Misuse(f"{remote[:80]!r} is no remote: use a name of `git remote`, a folder or an address")
    return remote


def name_of(remote: str) -> str:
    """A file name of its own for each remote."""
    return sha256(checked(remote).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def fetched(git: Repository, remote: str) -> dict[str, str]:
    """Every branch and pull request of `remote`, by the names that they have there; objects are here then."""
    stage = f"{_STAGE}/{name_of(remote)}"
    wanted = [f"+{pattern}:{stage}/{pattern.removeprefix('refs/')}" for pattern in _WHOLE]
    asked = ("fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--refmap=")
    status, _, err = git.attempt(
        "-c", "fetch.fsckObjects=true", *_HERE, *asked, "--end-of-options", remote, *wanted
    )
    if status:
        raise RepositoryFailure(f"{remote} cannot be fetched: {_words(err)}; mend that and sync again")
    return {name.replace(stage, "refs", 1): identity for name, identity in git.refs(stage).items()}


def pushed(git: Repository, remote: str, moves: Mapping[str, str]) -> str:
    """Push commits to references of `remote`, all or none; "" when it is done, else what git said."""
    asked = ("push", "--quiet", "--atomic", "--no-verify", "--no-follow-tags", "--end-of-options", remote)
    status, _, err = git.attempt(*_HERE, *asked, *(f"{identity}:{ref}" for ref, identity in moves.items()))
    return _words(err) if status else ""


def _words(err: bytes) -> str:
    return " ".join(err.decode("utf-8", "replace").split())[:500] or "git said nothing"
