"""What evidence is bound to: if any of it changes, the evidence is about something else."""

from dataclasses import asdict
from hashlib import sha256

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.facts.evidence import CONDITIONAL_ON
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.ports import Desk
from alphaloop.rules.constitution.reading import FILES
from alphaloop.rules.entries.canonical import digest
from alphaloop.simulation.machine import program, where


def bound(desk: Desk, base: str) -> dict[str, str]:
    """Digests and versions of everything beside head and base that shapes what `base` judges.

    world: market.yaml as it was understood; conditional_on: the recorded tape that its world is made of, only
    where it is made of one; limits: risk.py likewise; constitution: the blobs themselves; judge: this
    program; platform: what the floating-point numbers come from; seeds: from which stream.
    """
    venue = venue_at(desk, base)
    blobs = desk.forge.files(base)
    tape = venue.market.world.tape
    return {
        **({CONDITIONAL_ON: tape} if tape else {}),
        "judged_by": base,
        "world": digest(asdict(venue.market)),
        "limits": digest(asdict(venue.limits)),
        "constitution": digest({path: blobs[path] for path in FILES}),
        "scenarios": digest({"names": list(SCENARIOS)}),
        "judge": program(),
        "platform": where(),
        "sandbox": desk.sandbox.name,
        "tainted": "yes" if desk.sandbox.tainted else "no",
        "seeds": "search" if desk.rehearsal else "signature",
    }


def plays(desk: Desk, head: str, base: str, judged_by: str) -> str:
    """A digest, sha256:…, of what a test plays: both files, and the market and limits that they meet.

    Nothing else shapes an episode's outcome, so nothing else may buy other seeds.
    """
    venue = venue_at(desk, judged_by)
    candidate, against = (sha256(strategy_at(desk, commit)).hexdigest() for commit in (head, base))
    market, limits = asdict(venue.market), asdict(venue.limits)
    return digest({"candidate": candidate, "base": against, "market": market, "limits": limits})
