"""Explaining a change or a commit: which change it is about, and why that one did or did not land."""

from alphaloop.agents.legible import change_or_why
from alphaloop.errors import Misuse
from alphaloop.facts.explanation import Explanation
from alphaloop.ports import Desk, Forge, Ledger
from alphaloop.rules.explained import change_spoken_of, explained
from alphaloop.words.explained import explanation, unexplained

_LONGEST_NUMBER = 6


def explain(desk: Desk, number: int) -> str:
    """Why change `number` did or did not land, as Markdown; what `/alphaloop explain` answers."""
    return explanation(explanation_of(desk.forge, desk.ledger, number))


def explanation_of(forge: Forge, ledger: Ledger, number: int) -> Explanation:
    """The facts behind `explain`; raises Misuse for no such change, Refused for one that nobody can read."""
    change = change_or_why(forge, number)
    return explained(ledger.entries(), change)


def number_meant(forge: Forge, ledger: Ledger, asked: str) -> int:
    """The change that a number, `#7`, a commit, a branch or a ledger entry stands for; raises Misuse else.

    Digits alone are a pull request's number up to six of them, and the beginning of a commit id from there.
    """
    digits = asked.removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER:
        return int(digits)
    commit = forge.resolve(asked)
    if commit is None:
        raise Misuse(
            f"{asked[:80]!r} is neither a pull request's number nor a commit here: `alphaloop pr list` names "
            "the numbers, `git log` the commits"
        )
    number = change_spoken_of(ledger.entries(), commit)
    if number is None:
        raise Misuse(unexplained(commit))
    return number
