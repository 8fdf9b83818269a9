"""What evidence is bound to: if any of it changes, the evidence is about something else."""

import platform
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import alphaloop
from alphaloop.agents.grounds import venue_at
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.ports import Desk
from alphaloop.rules.constitution.reading import FILES
from alphaloop.rules.entries.canonical import digest


def bound(desk: Desk, base: str) -> dict[str, str]:
    """Digests and versions of everything beside head and base that shapes what `base` judges.

    world: market.yaml as it was understood; limits: risk.py likewise; constitution: the blobs themselves;
    judge: this program; platform: what the floating-point numbers come from; seeds: from which stream.
    """
    venue = venue_at(desk, base)
    blobs = desk.forge.files(base)
    return {
        "judged_by": base,
        "world": digest(asdict(venue.market)),
        "limits": digest(asdict(venue.limits)),
        "constitution": digest({path: blobs[path] for path in FILES}),
        "scenarios": digest({"names": list(SCENARIOS)}),
        "judge": judge(),
        "platform": where(),
        "sandbox": desk.sandbox.name,
        "tainted": "yes" if desk.sandbox.tainted else "no",
        "seeds": "search" if desk.rehearsal else "signature",
    }


@cache
def judge() -> str:
    """This program's version, and the digest of its own source."""
    package = Path(alphaloop.__file__).parent
    body = sha256()
    for path in sorted(package.rglob("*.py")):
        body.update(f"{path.relative_to(package)}\n".encode() + sha256(path.read_bytes()).digest())
    return f"alphaloop {version('alphaloop')} sha256:{body.hexdigest()}"


def where() -> str:
    """Machine, C library, Python, numpy, matching engine: where one differs, the numbers may."""
    libc = "-".join(platform.libc_ver())
    parts = (platform.machine(), libc, f"python {platform.python_version()}")
    return ", ".join((*parts, *(f"{name} {version(name)}" for name in ("numpy", "hftbacktest"))))
