"""docs/decisions/README.md: the index of decisions, by room."""

from shipped import REPOSITORY

DECISIONS = REPOSITORY / "docs" / "decisions"
# A decision's number names the room that it is about.
ROOMS = {
    "000": "The house",
    "001": "Sandbox",
    "002": "Trading and simulation",
    "003": "Market",
    "004": "The gate's rules",
    "005": "Checks",
    "006": "Forge and ledger",
    "007": "Minds and the template",
    "008": "The loop as a whole",
    "009": "Recordings and the store",
    "010": "Worlds, scenarios and metrics",
    "011": "Speed and scale",
    "012": "What a review costs and remembers",
    "013": "Commands, verdicts and the ledger",
    "014": "Seats, keys and the protocol",
    "015": "Scaling by hand, and what hostile reading found",
}


def decisions() -> str:
    """The index of docs/decisions/, by room."""
    lines = [
        "# Decisions",
        "",
        "One page each: a question, the decision, and where it matters what was not taken, what was",
        "measured and what it costs. The first three digits name the room, so numbers have gaps on purpose.",
        "Written by `make docs` from the pages' titles.",
    ]
    for room, about in ROOMS.items():
        lines += ["", f"## {about}", ""]
        for path in sorted(DECISIONS.glob(f"{room}*.md")):
            title = path.read_text(encoding="utf-8").partition("\n")[0]
            number, _, words = title.removeprefix("# ").partition(": ")
            lines.append(f"- [{number}]({path.name}) {words}")
    return "\n".join(lines) + "\n"
