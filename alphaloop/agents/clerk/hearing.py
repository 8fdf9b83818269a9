"""What happens to a comment: words are kept; commands are carried out where the author may, and answered.

A comment has a key, and so has every answer: the same comment heard twice is kept once, done once, answered
once, and a run that was killed in between goes on where it stopped.
"""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from hashlib import sha256

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Turning
from alphaloop.agents.clerk.table import TABLE
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import BadConfiguration, BadTape, Misuse, Refused, StrategyFault
from alphaloop.facts.command import Command, Misspelt, Verb
from alphaloop.facts.role import is_human
from alphaloop.ports import Desk, Said
from alphaloop.rules.commands import commands
from alphaloop.rules.standing import refusal

BOT = "delivery_lead"
MAX_BYTES = 1024 * 1024
_ANSWERED = (Refused, Misuse, BadConfiguration, BadTape, StrategyFault)


def heard(
    desk: Desk, number: int, author: str, text: str, key: str = "", turning: Turning = nullcontext
) -> tuple[str, ...]:
    """Keep a comment and answer its commands, on the pull request and to the caller.

    key: what the caller calls this comment, "" for one that is said now for the first time.  Raises Refused
    for a known key with other words: an edited comment is never a command.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Misuse(f"a comment has at most {MAX_BYTES} bytes, and this has {size}: say it shorter")
    told = desk.forge.conversation(number)
    identity = _identity(key or f"{len(told)}\n{author}\n{text}", number)
    standing = [place for place, one in enumerate(told) if _is(one, author, f"comment:{identity}")]
    _refuse_edited(told[standing[0]] if standing else None, author, text)
    desk.forge.comment(number, author, text, f"comment:{identity}")
    if author == BOT:
        return ()
    answers = {one.key: one.text for one in (told[standing[0] :] if standing else ()) if one.author == BOT}
    return tuple(_answers(desk, number, author, commands(text), identity, answers, turning))


def _is(said: Said, author: str, key: str) -> bool:
    """Whether it is the comment that `author` calls so: a seat cannot take up the key of somebody else's."""
    return said.key == key and (said.author == author or is_human(said.author))


def _identity(key: str, number: int) -> str:
    return sha256(f"{number}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_edited(standing: Said | None, author: str, text: str) -> None:
    if standing is not None and (standing.author, standing.text) != (author, text):
        raise Refused(
            "this comment was said before in other words or by somebody else, and an edited comment is never "
            "a command: say it as a new one"
        )


def _answers(
    desk: Desk,
    number: int,
    author: str,
    lines: tuple[Command | Misspelt, ...],
    identity: str,
    known: Mapping[str, str],
    turning: Turning,
) -> Iterator[str]:
    """known: the clerk's answers after the comment, by key; what stands before it answered something else."""
    for place, line in enumerate(lines):
        said_as = f"answer:{identity}:{place}"
        if said_as in known:
            yield known[said_as]
            continue
        said = _answer(desk, number, author, line, f"{identity}:{place}", turning)
        # Where only a person's key lies, nobody can sign for the desk, and the caller alone is answered.
        if desk.keys.holds(BOT):
            desk.forge.comment(number, BOT, said, said_as)
        yield said


def _answer(
    desk: Desk, number: int, author: str, line: Command | Misspelt, key: str, turning: Turning
) -> str:
    if isinstance(line, Misspelt):
        meant = TABLE[Verb(line.nearest)].usage.line if line.nearest else ""
        return words.misspelt_answer(line, meant)
    served = TABLE[line.verb]
    refused = refusal(served.usage, author, constitution_at(desk, desk.forge.main()).seats)
    if refused:
        return words.refused_answer(refused)
    try:
        return served.answer(desk, Asked(served.usage, number, author, line.argument, key, turning))
    except _ANSWERED as said:
        return words.refused_answer(str(said))
