"""Seeds: three streams that never meet.

Searching knows its seeds beforehand. Judging and releasing take theirs from Risk's ed25519 signature over
words that are in the ledger first: it is deterministic, so nobody can shop, and published afterwards, so
everybody can replay. The top two bits of every seed name its stream, so that no seed is ever in two of them.
"""

import hashlib
from collections.abc import Iterator
from enum import IntEnum

from alphaloop.errors import Broken
from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import body_of

BITS = 63
_SIGNATURE_BYTES = 64


class Stream(IntEnum):
    """What a seed is for; the value is its top two bits."""

    SEARCH = 0
    JUDGE = 1
    RELEASE = 2


def search(seed: int, purpose: str, count: int) -> tuple[int, ...]:
    """`count` different seeds for searching and measuring; `purpose` keeps the searches apart."""
    return _expanded(Stream.SEARCH, f"{seed}\n{purpose}".encode(), count)


def signed(stream: Stream, signature: bytes, count: int) -> tuple[int, ...]:
    """The seeds of a tournament or a canary, from Risk's signature over `message_to_sign(stream, …)`."""
    if stream is Stream.SEARCH:
        raise Broken("searching needs no signature; its seeds come from `search`")
    return _expanded(stream, _checked(signature), count)


def message_to_sign(stream: Stream, genesis: str, entry: Entry) -> bytes:
    """The words that the seeds of `entry`, a test opened or a release, derive from.

    Of a test, what it plays and nothing else: no new name, number, commit or clone draws the same files
    again. Of a release, body and key, not its commit: a commit's date could be chosen until its seeds please.
    """
    if entry.kind is Kind.TEST_OPENED:
        said = digest({"kind": str(entry.kind), "plays": body_of(entry, Kind.TEST_OPENED).text("plays")})
    else:
        said = digest({"kind": str(entry.kind), "key": entry.key, "body": entry.body})
    return f"alphaloop seeds 1\n{stream.name.lower()}\n{genesis}\n{said}\n".encode()


def _expanded(stream: Stream, root: bytes, count: int) -> tuple[int, ...]:
    seeds: dict[int, None] = {}
    numbers = _numbers(stream, root)
    while len(seeds) < count:
        seeds[next(numbers)] = None
    return tuple(seeds)


def _numbers(stream: Stream, root: bytes) -> Iterator[int]:
    start = hashlib.sha256(f"alphaloop {stream.name.lower()}\n".encode() + root).digest()
    place = 0
    while True:
        block = hashlib.sha256(start + place.to_bytes(8, "big")).digest()
        yield stream << (BITS - 2) | int.from_bytes(block[:8], "big") >> (64 - BITS + 2)
        place += 1


def _checked(signature: bytes) -> bytes:
    if len(signature) != _SIGNATURE_BYTES:
        raise Broken(
            f"an ed25519 signature has {_SIGNATURE_BYTES} bytes, not {len(signature)}; the key is another"
        )
    return signature
