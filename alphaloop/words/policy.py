"""What is said of an imagined change."""

import textwrap
from collections.abc import Sequence

from alphaloop.facts.imagined import Case, Foreseen, Imagined
from alphaloop.words.spelling import one_line

COLUMNS = 100


def foreseen_answer(imagined: Imagined, found: Foreseen) -> str:
    """What would become of the change, and why."""
    paths = [*imagined.writes, *(f"{path} (deleted)" for path in imagined.deletes)]
    lines = [f"{one_line(imagined.author)} changes {', '.join(map(one_line, paths))}"]
    if not found.in_scope:
        lines += [f"out of scope, so Risk vetoes it: {one_line(veto)}" for veto in found.vetoes]
        return _wrapped(lines)
    lines.append(f"in scope; these must answer: {', '.join(found.required) or 'nobody'}")
    if found.human:
        lines.append(f"a person must approve its head, because of {', '.join(map(one_line, found.human))}")
    lines.append(f"then {' or '.join(found.merges) or 'nobody'} may merge it, if nobody holds or vetoes it")
    return _wrapped(lines)


def case_line(case: Case, differs: Sequence[str]) -> str:
    """A case on one line, and below it what came out otherwise."""
    name = one_line(case.imagined.name)
    if not differs:
        return f"as expected  {name}"
    below = [f"    {one_line(one)}" for one in differs]
    return "\n".join([f"DIFFERS      {name} (line {case.line})", *below])


def cases_line(count: int, wrong: int) -> str:
    """How the cases came out."""
    return f"{count} cases, each as expected" if not wrong else f"{wrong} of {count} cases come out otherwise"


def _wrapped(lines: Sequence[str]) -> str:
    return "\n".join(textwrap.fill(line, COLUMNS, subsequent_indent="  ") for line in lines)
