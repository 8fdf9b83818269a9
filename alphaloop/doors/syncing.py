"""Syncing the repository at hand, while nothing else turns the loop in it."""

from pathlib import Path

from alphaloop.doors.whoami import person_here
from alphaloop.errors import BadConfiguration
from alphaloop.facts.role import HUMAN
from alphaloop.forge import landing
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.local import LocalForge
from alphaloop.forge.reading import MAIN
from alphaloop.forge.syncing.sync import sync
from alphaloop.rules.constitution.roles import humans
from alphaloop.wiring import alone, repository_root

_CLERK = "delivery_lead"


def synced(folder: Path, remote: str, login: str | None) -> tuple[str, ...]:
    """Bring the repository that `folder` lies in and `remote` together; answers what people must know."""
    root = repository_root(folder)
    forge = LocalForge(root)
    try:
        with alone(root):
            if forge.git.ref(LEDGER) is not None and not _is_behind(forge):
                forge.recover()
            return sync(forge.git, forge.keys, forge.ledger, remote, _signer(forge, login))
    finally:
        forge.shut()


def _is_behind(forge: LocalForge) -> bool:
    """Whether a sync was killed between ledger and main, several landings apart: only a sync mends that."""
    main, records = forge.git.ref(MAIN), landing.landings(forge.ledger)
    if main is None or not records or records[-1].base == main or records[-1].commit == main:
        return False
    return forge.git.descends(main, records[-1].commit)


def _signer(forge: LocalForge, login: str | None) -> str | None:
    """The person whose key is here, else the Delivery Lead, else nobody; Refused when it is not plain who."""
    people = _humans(forge)
    if login is not None or any(forge.keys.holds(f"{HUMAN}{one}") for one in people):
        return person_here(people, forge.keys, login)
    return _CLERK if forge.keys.holds(_CLERK) else None


def _humans(forge: LocalForge) -> tuple[str, ...]:
    main = forge.git.ref(MAIN)
    try:
        return () if main is None else humans(forge.file(main, "roles.yaml"))
    except BadConfiguration:
        return ()
