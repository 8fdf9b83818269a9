"""What `alphaloop policy` reads: the seats of a commit, and a file of cases."""

from pathlib import Path

from alphaloop.doors.rekeying import forge_here
from alphaloop.errors import Misuse
from alphaloop.facts.imagined import Case
from alphaloop.facts.role import Seats
from alphaloop.rules.constitution import cases, roles


def seats_at(rev: str) -> Seats:
    """The seats that roles.yaml of a commit lists, in the repository around this folder."""
    with forge_here() as forge:
        commit = forge.resolve(rev)
        if commit is None:
            raise Misuse(f"{rev[:80]!r} is no commit here: name a branch, a tag or an id")
        return roles.seats(forge.file(commit, roles.FILE))


def read_cases(file: Path) -> tuple[Case, ...]:
    """The cases of a file; raises Misuse when it cannot be read, BadConfiguration when it says nonsense."""
    try:
        with file.open("rb") as opened:
            content = opened.read(cases.LONGEST_BYTES + 1)
    except OSError as wrong:
        raise Misuse(f"{file} cannot be read: {wrong}; name a file of cases") from wrong
    return cases.cases(str(file), content)
