"""What `alphaloop doctor` asks of this machine and this repository."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from alphaloop.errors import AlphaLoopError
from alphaloop.sandbox.probe import probe

OPTIONAL = ("cores", "docker")


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was looked at; needed: whether the desk cannot work without it."""

    name: str
    works: bool
    words: str
    needed: bool = True


def probes(folder: Path) -> tuple[Probe, ...]:
    """Every probe, each in words; none raises."""
    return (
        _git(),
        *(Probe(fact.name, fact.works, fact.words, fact.name not in OPTIONAL) for fact in probe()),
        _asked("matching engine", _engine),
        _compiled(),
        *_repository(folder),
        *_later(),
    )


def _git() -> Probe:
    found = shutil.which("git")
    return Probe("git", found is not None, found or "install git")


def _asked(name: str, look: Callable[[], str], needed: bool = True) -> Probe:
    try:
        return Probe(name, True, look(), needed)
    except AlphaLoopError as wrong:
        return Probe(name, False, str(wrong), needed)


def _engine() -> str:
    from alphaloop.simulation.engine import load

    load()
    return f"hftbacktest {version('hftbacktest')}, its compiled extension loads"


def _compiled() -> Probe:
    from alphaloop.compiled.standing import standing

    plays, words = standing()
    return Probe("compiled form", plays, words, needed=False)


def _repository(folder: Path) -> Iterator[Probe]:
    from alphaloop.agents.tapes import episodes_of
    from alphaloop.market.store.contents import contents
    from alphaloop.wiring import desk_at, repository_root, repository_store

    def ledger() -> str:
        with desk_at(folder, _silent) as desk:
            return f"{len(desk.ledger.entries())} entries, every signature holds"

    def keys() -> str:
        held = sorted(key.name for key in (repository_root(folder) / ".alphaloop" / "keys").glob("*"))
        if not held:
            return "no private key here: this clone reads and verifies, and signs nothing"
        return (
            f"{len(held)} private keys here ({', '.join(held)}); held together, separation is organisational"
        )

    def tapes() -> str:
        with desk_at(folder, _silent) as desk:
            here = [
                f"{name} ({len(played)} episodes)" for name, played in episodes_of(desk, desk.forge.main())
            ]
        return ", ".join(here) or "market.yaml names none"

    def store() -> str:
        held = contents(repository_store(repository_root(folder)))
        return f"{len(held.entries)} tapes and runs are kept, {held.bytes / 1e6:.1f} MB; none is damaged"

    yield _asked("ledger", ledger, needed=False)
    yield _asked("keys", keys, needed=False)
    yield _asked("tapes", tapes, needed=False)
    yield _asked("store", store, needed=False)


def _later() -> Iterator[Probe]:
    """Doors that this version leaves closed, and says so, with the secret that each will ask for."""
    for name, secret in (("token of github", "GITHUB_TOKEN"), ("language model", "OPENAI_API_KEY")):
        here = "is set, and not used" if os.environ.get(secret) else "need not be set"
        yield Probe(name, False, f"not in this version, and nothing needs it; {secret} {here}", needed=False)


def _silent(words: str) -> None:
    """A probe's own answer is enough."""
