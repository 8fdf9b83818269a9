"""What roles.yaml may not say, whoever writes it: duties that must stay apart."""

from collections.abc import Mapping

from alphaloop.facts.role import Power, Seat
from alphaloop.rules.paths import CONSTITUTION, matches, trick

APART = (
    (Power.PROPOSE, Power.MERGE, "whoever proposes must not merge"),
    (Power.PROPOSE, Power.VETO, "whoever proposes must not hold the veto"),
    (Power.VETO, Power.MERGE, "whoever holds the veto must not merge"),
    (Power.PROPOSE, Power.OPEN_TESTS, "whoever proposes must not open tests"),
    (Power.MERGE, Power.OPEN_TESTS, "whoever merges must not open tests"),
)
"""Powers that no seat may have both of, and why."""
MUST: Mapping[str, tuple[Power, ...]] = {
    "risk": (Power.VETO, Power.OPEN_TESTS, Power.REVIEW),
    "sre": (Power.MERGE, Power.RELEASE, Power.ROLL_BACK, Power.STOP),
    "delivery_lead": (Power.ESCALATE,),
}
"""Powers without which a seat cannot do its part."""
ONLY: Mapping[Power, str] = {Power.VETO: "risk", Power.OPEN_TESTS: "risk", Power.MERGE: "sre"}
"""Powers that one seat alone may have."""
_HUMANS_OWN = (
    *CONSTITUTION,
    "agents/risk/PERSONA.md",
    "agents/risk/prompts/review.md",
    ".github/workflows/ci.yml",
    "keys/allowed_signers",
)


def against_segregation(seat: Seat) -> str:
    """Why this seat's powers cannot stand, "" when they can."""
    for power in MUST.get(seat.name, ()):
        if not seat.may(power):
            return f"seat {seat.name!r} must have the power '{power}'; the desk cannot work without it"
    for power, owner in ONLY.items():
        if seat.may(power) and seat.name != owner:
            return f"seat {seat.name!r} has the power '{power}', which only {owner!r} may have"
    for one, other, why in APART:
        if seat.may(one) and seat.may(other):
            return f"seat {seat.name!r} has both '{one}' and '{other}'; {why}"
    if seat.reviews and not (seat.may(Power.REVIEW) or seat.may(Power.VETO)):
        return f"seat {seat.name!r} lists what it reviews and lacks the power 'review'; give or remove one"
    return ""


def malformed(pattern: str) -> str:
    """Why no path could ever match `pattern`, "" when one can: a slip here would take a reviewer away."""
    return trick(pattern.replace("**", "x").replace("*", "x"))


def outside_its_place(name: str, pattern: str) -> str:
    """Why seat `name` may not write `pattern`, "" when it may."""
    first = pattern.split("/", 1)[0]
    if "*" in first:
        return "its first part is a wildcard; name the folder or the file"
    if malformed(pattern):
        return malformed(pattern)
    theirs = next((path for path in _HUMANS_OWN if matches(pattern, path)), None)
    if theirs:
        return f"it would give {theirs} to a seat, and that belongs to humans"
    if first == "agents" and pattern != f"agents/{name}/POLICY.md":
        return f"of agents/, seat {name!r} may write agents/{name}/POLICY.md only"
    if first in ("keys", ".github"):
        return f"{first}/ belongs to humans"
    return ""
