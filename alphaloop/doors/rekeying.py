"""Changing a key by hand: the human's signature in the ledger first, the private key's file after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from alphaloop.doors.whoami import person_here
from alphaloop.errors import BadConfiguration, Misuse
from alphaloop.facts.entry import Entry
from alphaloop.facts.role import is_human
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.keys import rotation, signers, turnover
from alphaloop.forge.local import LocalForge
from alphaloop.forge.signature import public_line
from alphaloop.rules.constitution.roles import FILE, SEATS
from alphaloop.wiring import repository_root

LONGEST_BYTES = 4_096


class Asked(NamedTuple):
    """A change of keys as it was asked for; login: who asks, None where one person's key lies here."""

    principal: str
    why: str
    login: str | None


@contextmanager
def forge_here() -> Iterator[LocalForge]:
    """The forge of the repository around this folder; changing keys needs no sandbox, mind or market."""
    forge = LocalForge(repository_root(Path()))
    try:
        yield forge
    finally:
        forge.shut()


def replaced(forge: LocalForge, asked: Asked, public: Path | None) -> tuple[Entry, str]:
    """Give somebody another key, or a first one: the entry, and the file of the private key ("" elsewhere).

    public: an OpenSSH public key whose private half lies elsewhere; without one a new pair is made here.
    """
    principal = known(asked.principal)
    if public is not None:
        return _changed(forge, asked, _read(public)), ""
    ring = forge.ledger.chain().verified_ring()
    drawn = keys.draw(forge.keys.folder, principal, ring.former)
    # A run that was killed between the ledger and the file is finished, not repeated.
    finished = _last_change(forge, principal) if ring.keys.get(principal) == drawn else None
    entry = finished or _changed(forge, asked, public_line(drawn))
    forge.keys.take_up(principal)
    return entry, str(keys.key_file(forge.keys.folder, principal))


def revoked(forge: LocalForge, asked: Asked) -> Entry:
    """Take somebody's key away; the private one is deleted where it lies here."""
    principal = known(asked.principal)
    if principal not in forge.ledger.chain().verified_ring().keys:
        raise Misuse(f"{principal} has no key to take away: `alphaloop keys list` shows who has one")
    entry = _changed(forge, asked, "")
    forge.keys.put_away(principal)
    return entry


def refuse_unless_first(forge: LocalForge, principal: str, first: bool) -> None:
    """Raise Misuse where a key is added to somebody who has one, or replaced where there is none."""
    has = known(principal) in forge.ledger.chain().verified_ring().keys
    drawn = keys.fresh_file(forge.keys.folder, principal).is_file()
    if first and has and not drawn:
        raise Misuse(f"{principal} has a key: `alphaloop keys rotate {principal}` replaces it")
    if not first and not has:
        raise Misuse(f"{principal} has no key: `alphaloop keys add {principal}` gives them one")


def known(principal: str) -> str:
    """`principal` itself; raises Misuse for what is neither a seat nor a human's name."""
    if is_human(principal):
        return signers.checked_principal(principal)
    if principal not in SEATS:
        near = get_close_matches(principal, SEATS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"seats are {', '.join(SEATS)}; people human:<login>"
        raise Misuse(f"there is no seat {principal[:60]!r}; {hint}")
    return principal


def _changed(forge: LocalForge, asked: Asked, new: str) -> Entry:
    main = forge.main()
    humans = turnover.registered(forge.git, main)
    if humans is None:
        raise BadConfiguration(f"{FILE} is not on main, so nobody is registered: restore it first")
    signer = person_here(humans, forge.keys, asked.login)
    return rotation.change_key(forge.git, forge.ledger, asked.principal, new, asked.why, signer)


def _last_change(forge: LocalForge, principal: str) -> Entry | None:
    chain = forge.ledger.chain()
    turns = [turn for turn in chain.turns if turn.change.principal == principal]
    return chain.entries[turns[-1].number] if turns else None


def _read(public: Path) -> str:
    """The key of a `.pub` file, without the comment that ssh-keygen writes behind it."""
    try:
        with public.open("rb") as file:
            words = file.read(LONGEST_BYTES).decode("ascii").split()
    except (OSError, ValueError) as wrong:
        raise Misuse(f"{public} is no public key file: {wrong}; name the one that ends in .pub") from wrong
    line = " ".join(words[:2])
    signers.public_key(line, str(public))
    return line
