"""What evidence is bound to: if any of it changes, the evidence is about something else."""

from dataclasses import asdict
from hashlib import sha256

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.facts.evidence import CONDITIONAL_ON
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.ports import Desk, Forge
from alphaloop.rules.constitution.judge import FILE as LOCK
from alphaloop.rules.constitution.reading import FILES, read
from alphaloop.rules.entries.canonical import digest
from alphaloop.simulation import machine


def bound(desk: Desk, base: str) -> dict[str, str]:
    """Digests and versions of everything beside head and base that shapes what `base` judges.

    What is `stated`, and platform and processor: what the floating-point numbers come from; sandbox and
    tainted: how the strategy was isolated; seeds: from which stream.
    """
    return {
        **stated(desk.forge, base),
        "platform": machine.where(),
        "processor": machine.processor(),
        "sandbox": desk.sandbox.name,
        "tainted": "yes" if desk.sandbox.tainted else "no",
        "seeds": "search" if desk.rehearsal else "signature",
    }


def stated(forge: Forge, base: str) -> dict[str, str]:
    """What the files of `base` say to this program, wherever it runs.

    world: market.yaml as it was understood; conditional_on: the recorded tape that its world is made of, only
    where it is made of one; tapes: those that it pins; limits: risk.py as it was understood; constitution:
    the blobs themselves, with judge.lock; judge: this program.
    """
    said = read(lambda path: forge.file(base, path))
    tape = said.market.world.tape
    return {
        **({CONDITIONAL_ON: tape} if tape else {}),
        "judged_by": base,
        "world": digest(asdict(said.market)),
        "limits": digest(asdict(said.limits)),
        "constitution": constitution(forge, base),
        "tapes": digest({"pins": list(said.market.tapes)}),
        "scenarios": digest({"names": list(SCENARIOS)}),
        "judge": str(machine.judge()),
    }


def constitution(forge: Forge, base: str) -> str:
    """A digest, sha256:…, of the blobs that say by whom, by what and by which program `base` judges."""
    blobs = forge.files(base)
    return digest({path: blobs.get(path) for path in (*FILES, LOCK)})


def plays(desk: Desk, head: str, base: str, judged_by: str) -> str:
    """A digest, sha256:…, of what a test plays: both files, and the market and limits that they meet.

    Nothing else shapes an episode's outcome, so nothing else may buy other seeds.
    """
    venue = venue_at(desk, judged_by)
    candidate, against = (sha256(strategy_at(desk, commit)).hexdigest() for commit in (head, base))
    market, limits = asdict(venue.market), asdict(venue.limits)
    return digest({"candidate": candidate, "base": against, "market": market, "limits": limits})
