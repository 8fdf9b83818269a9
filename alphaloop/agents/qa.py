"""QA: runs the repository's own tests on the change, in the sandbox."""

from alphaloop.agents.grounds import STRATEGY
from alphaloop.checks.qa import stance_on_tests
from alphaloop.facts.change import Change
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk

SEAT = "qa"
TESTS_S = 60.0


def review(desk: Desk, change: Change) -> Verdict:
    """Failing or unfinished tests hold; passing ones prove nothing, and are said."""
    paths = [path for path in desk.forge.files(change.head) if path == STRATEGY or path.startswith("tests/")]
    run = desk.sandbox.run_tests({path: desk.forge.file(change.head, path) for path in paths}, TESTS_S)
    stance, findings = stance_on_tests(run)
    rests_on = f"the repository's tests, {len(paths)} files, in the sandbox {desk.sandbox.name!r}"
    return Verdict(SEAT, change.number, change.head, change.base, stance, findings, "", rests_on)
