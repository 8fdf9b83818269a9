"""Paths of a strategy repository: which are refused outright, and which a pattern of roles.yaml means."""

import re
from collections.abc import Iterable
from functools import cache

MAX_LENGTH = 200
CONSTITUTION = (
    "roles.yaml",
    "risk.py",
    "market.yaml",
    "judge.lock",
    "CODEOWNERS",
    ".gitattributes",
    ".gitmodules",
    ".gitignore",
)
_PLAIN = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def trick(path: str) -> str:
    """Why `path` is refused whoever writes it, "" when it is plain.

    Every part holds ASCII letters, digits, `.`, `_` and `-` only, and does not begin with `-`: what is left
    out has let two tools, or a tool and a person, see different files.
    """
    if not path or len(path) > MAX_LENGTH:
        return f"a path has 1 to {MAX_LENGTH} characters"
    if not (path.isascii() and path.isprintable()):
        return "a path is printable ASCII"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "a path has no empty, '.' or '..' part"
        if not _PLAIN.fullmatch(part):
            return (
                f"{part!r} holds other characters than letters, digits, '.', '_' and '-', or begins with '-'"
            )
        if part.lower().startswith(".git") and (part.lower() == ".git" or part.endswith(".")):
            return f"{part!r} is git's own"
        if part.endswith(".") or _RESERVED.fullmatch(part):
            return f"{part!r} means another file on some systems"
    return ""


def collisions(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of different names, files or folders, that are one where case does not count.

    The desk's own names always take part, so that `Risk.py` never stands beside `risk.py`.
    """
    spelled: dict[str, str] = {name.casefold(): name for name in _OWN_NAMES}
    found: dict[tuple[str, str], None] = {}
    for path in sorted(set(paths)):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            other = spelled.setdefault(name.casefold(), name)
            if other != name:
                found[other, path] = None
    return tuple(found)


def matches(pattern: str, path: str) -> bool:
    """Whether `pattern` means `path`: `*` is any text within one part, `**` any number of parts."""
    return _compiled(pattern).fullmatch(path) is not None


def any_matches(patterns: Iterable[str], path: str) -> bool:
    """Whether one of `patterns` means `path`."""
    return any(matches(pattern, path) for pattern in patterns)


_OWN_NAMES = (
    *CONSTITUTION,
    "strategy.py",
    "execution.py",
    "connectivity.yaml",
    "agents",
    "keys",
    ".github",
    "tests",
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    meaning = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts))
