"""The stop flag: a file beside the runner that stops it where there is neither network nor ledger.

Only one thing means that nothing is stopped: the folder is there, and no file of this name in it.  Whatever
else is found there, or cannot be read, is a stop.  The first stop's words stand; a second one is no error.
"""

import json
import os
import stat
from pathlib import Path

from alphaloop.errors import Refused, RepositoryFailure

NAME = "stop"
_MAX_BYTES = 32_768
_MAX_WORDS = 1_000


def raised(flag: Path) -> str:
    """Why the runner is stopped, "" when no flag is up."""
    try:
        # Neither a link's target nor a pipe that nobody writes into may answer for the flag.
        handle = os.open(flag, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return "" if flag.parent.is_dir() else f"the stop flag's folder {flag.parent} is not there"
    except (OSError, ValueError) as failed:
        return f"the stop flag {flag} cannot be read: {failed}"
    try:
        return _words(handle, flag)
    except OSError as failed:
        return f"the stop flag {flag} cannot be read: {failed}"
    finally:
        os.close(handle)


def hoist(flag: Path, by: str, reason: str) -> None:
    """Put the flag up; one that is up stays as it is.  Raises RepositoryFailure when nothing is up."""
    body = json.dumps({"by": _plain(by), "reason": _plain(reason)}).encode("ascii")
    try:
        handle = os.open(flag, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return
    except (OSError, ValueError) as failed:
        raise RepositoryFailure(f"the stop flag {flag} could not be raised: {failed}") from failed
    try:
        os.write(handle, body)
        os.fsync(handle)
    except OSError:
        # An empty flag stops like any other: that it is there is what counts.
        return
    finally:
        os.close(handle)


def refuse_unless_ours(flag: Path) -> None:
    """Raise Refused when what stands in the flag's place is nothing that this program put there."""
    try:
        kind = os.lstat(flag).st_mode
    except FileNotFoundError:
        return
    except OSError as failed:
        raise Refused(f"the stop flag {flag} cannot be looked at: {failed}; put that right first") from failed
    if not stat.S_ISREG(kind):
        raise Refused(
            f"{flag} is no file: find out who put it there, take it away by hand, then `alphaloop resume`"
        )


def lower(flag: Path) -> None:
    """Take the flag down, for a human who signed; raises Refused for what is no file, and when it stays."""
    refuse_unless_ours(flag)
    try:
        flag.unlink(missing_ok=True)
    except OSError as failed:
        raise Refused(
            f"the stop flag {flag} could not be taken down: {failed}; take it down by hand"
        ) from failed


def _plain(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words[:_MAX_WORDS])


def _words(handle: int, flag: Path) -> str:
    unknown = f"there is a stop flag {flag}, and what it says cannot be understood"
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        return unknown
    text = os.read(handle, _MAX_BYTES + 1)
    try:
        body = json.loads(text) if len(text) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        return unknown
    if not isinstance(body, dict) or set(body) != {"by", "reason"}:
        return unknown
    by, reason = body["by"], body["reason"]
    if not (isinstance(by, str) and by.isprintable() and isinstance(reason, str) and reason.isprintable()):
        return unknown
    return f"{by}: {reason or 'no reason given'}"
