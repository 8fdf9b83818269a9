"""The grammar of commands in comments.

A comment is either words or commands: it is commands when its first block is a plain top-level paragraph in
which every line is one. A real Markdown parser finds that block, because rules over lines fire inside
quotes, code, lists and HTML, where nobody gives a command.
"""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from markdown_it import MarkdownIt
from markdown_it.token import Token

from alphaloop.facts.command import Command, Misspelt, Verb

MAX_BYTES = 64 * 1024
MAX_COMMANDS = 8
PREFIX = "/alphaloop"
_ALLOWED_CONTROLS = "\n\t"
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def commands(comment: str) -> tuple[Command | Misspelt, ...]:
    """The commands of `comment` in their order; () when it is words.

    Too long, with hidden characters, or with more than eight lines of commands, it is words.
    """
    text = comment.replace("\r\n", "\n")
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES or _hides_something(text):
        return ()
    lines = _first_paragraph(text)
    if not 0 < len(lines) <= MAX_COMMANDS or not all(map(_is_command, lines)):
        return ()
    return tuple(_command(line) for line in lines)


def _hides_something(text: str) -> bool:
    return any(unicodedata.category(c) in _HIDDEN and c not in _ALLOWED_CONTROLS for c in text)


def _first_paragraph(text: str) -> Sequence[str]:
    """The lines of the first block when it is a paragraph of plain text, else ()."""
    tokens = MarkdownIt("commonmark").parse(text)
    if len(tokens) < 2 or tokens[0].type != "paragraph_open":
        return ()
    inline = tokens[1]
    if not _is_plain(inline) or tokens[0].map is None:
        return ()
    first, end = tokens[0].map
    # The source's own lines, so that nothing is read that a person does not see as written.
    lines = text.split("\n")[first:end]
    return [line.rstrip() for line in lines]


def _is_plain(inline: Token) -> bool:
    return all(child.type in ("text", "softbreak") for child in inline.children or ())


def _is_command(line: str) -> bool:
    return line == PREFIX or line.startswith(f"{PREFIX} ")


def _command(line: str) -> Command | Misspelt:
    words = line.removeprefix(PREFIX).strip().split(maxsplit=1)
    if not words:
        return Misspelt(line, Verb.HELP.value)
    word, argument = words[0], words[1].strip() if len(words) > 1 else ""
    known = [verb.value for verb in Verb]
    if word in known:
        return Command(Verb(word), argument)
    near = get_close_matches(word.lower(), known, n=1)
    return Misspelt(line, near[0] if near else "")
