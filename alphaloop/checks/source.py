"""The bytes stage: what the file is before anybody reads it as Python.

Python, an editor, a diff and a person must all see the same program, so every way in which they could differ
is refused: other encodings, invisible characters, look-alike letters, line ends that only some tools honour.
"""

import ast
import io
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Callable, Iterator

from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import Finding, Severity

MAX_BYTES = 64 * 1024
MAX_LINE = 1_000
MAX_LINES = 2_000
MAX_DEPTH = 100
MAX_PARTS = 25_000

# PEP 263, as the interpreter itself looks for it on the first two lines.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DOCSTRING_OWNERS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def bytes_findings(subject: Subject) -> tuple[Finding, ...]:
    """What is wrong with the file as bytes; the first kind of fault ends the stage, () when there is none."""
    for rule in RULES:
        findings = tuple(rule(subject))
        if findings:
            return findings
    return ()


def parsed(source: bytes | str) -> ast.Module:
    """The syntax tree, without the warnings that the compiler would print.

    Raises SyntaxError, ValueError, RecursionError or MemoryError for what is no program that we can read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def docstrings(tree: ast.Module) -> frozenset[ast.Constant]:
    """The string nodes that are documentation: no rule reads them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, _DOCSTRING_OWNERS) and node.body and isinstance(node.body[0], ast.Expr):
            value = node.body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.add(value)
    return frozenset(found)


def _size(subject: Subject) -> Iterator[Finding]:
    size = len(subject.candidate)
    if not subject.candidate.strip():
        yield _veto(subject, "size", 0, "the file is empty; write a class Strategy with on_book(self, book)")
    elif size > MAX_BYTES:
        yield _veto(
            subject,
            "size",
            0,
            f"the file has {size} bytes, the limit is {MAX_BYTES}; write a shorter strategy",
        )


def _encoding(subject: Subject) -> Iterator[Finding]:
    data = subject.candidate
    if data.startswith(b"\xef\xbb\xbf"):
        yield _veto(
            subject, "encoding", 1, "the file starts with a byte-order mark; save it as UTF-8 without one"
        )
    for number, line in enumerate(data.split(b"\n")[:2], 1):
        cookie = _COOKIE.match(line)
        if cookie and cookie.group(1).lower().replace(b"_", b"-") not in (b"utf-8", b"utf8"):
            seen = cookie.group(1).decode("ascii", "replace")
            yield _veto(subject, "encoding", number, f"coding cookie {seen!r}; remove it, the file is UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line_number = data[: error.start].count(b"\n") + 1
        seen = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        yield _veto(subject, "encoding", line_number, seen)


def _characters(subject: Subject) -> Iterator[Finding]:
    for number, line in enumerate(subject.candidate.decode("utf-8").split("\n"), 1):
        hidden = next((c for c in line if c != "\t" and unicodedata.category(c) in _HIDDEN), None)
        if hidden is not None:
            what = "a carriage return" if hidden == "\r" else f"the hidden character U+{ord(hidden):04X}"
            yield _veto(subject, "characters", number, f"{what}; remove it (lines end with a line feed only)")


def _shape(subject: Subject) -> Iterator[Finding]:
    text = subject.candidate.decode("utf-8")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        yield _veto(
            subject, "shape", 0, f"{len(lines)} lines, the limit is {MAX_LINES}; write a shorter strategy"
        )
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            seen = f"a line of {len(line)} characters, the limit is {MAX_LINE}; break it"
            yield _veto(subject, "shape", number, seen)
            return
    depth, line_number = 0, 1
    for character in text:
        line_number += character == "\n"
        depth = max(0, depth + (character in "([{") - (character in ")]}"))
        if depth > MAX_DEPTH:
            seen = f"brackets nested deeper than {MAX_DEPTH}; take the expression apart"
            yield _veto(subject, "shape", line_number, seen)
            return


def _program(subject: Subject) -> Iterator[Finding]:
    try:
        from_bytes = parsed(subject.candidate)
        from_text = parsed(subject.candidate.decode("utf-8"))
    except SyntaxError as error:
        yield _veto(subject, "program", error.lineno or 0, f"not Python: {error.msg}; correct the syntax")
        return
    except ValueError as error:
        yield _veto(subject, "program", 0, f"not Python: {error}; remove what cannot be read")
        return
    except (RecursionError, MemoryError):
        yield _veto(
            subject, "program", 0, "the program is nested too deeply to be read; take its expressions apart"
        )
        return
    depth, parts = _depth(from_bytes)
    if parts > MAX_PARTS:
        yield _veto(
            subject, "program", 0, f"the program has {parts} parts, the limit is {MAX_PARTS}; say less"
        )
    elif depth > MAX_DEPTH:
        seen = f"the program is nested {depth} deep, the limit is {MAX_DEPTH}; take its expressions apart"
        yield _veto(subject, "program", 0, seen)
    elif ast.dump(from_bytes) != ast.dump(from_text):
        yield _veto(
            subject, "program", 0, "read as bytes and as text it is not the same program; save it as UTF-8"
        )


def _letters(subject: Subject) -> Iterator[Finding]:
    text = subject.candidate.decode("utf-8")
    if text.isascii():
        return
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    try:
        for token in tokens:
            if token.type not in (tokenize.COMMENT, tokenize.STRING) and not token.string.isascii():
                # Python 3.12 splits f-strings; their text is judged below with the other strings.
                if tokenize.tok_name[token.type] == "FSTRING_MIDDLE":
                    continue
                seen = f"{token.string!r} holds letters that are not ASCII; names are written in ASCII"
                yield _veto(subject, "letters", token.start[0], seen)
    except (tokenize.TokenError, SyntaxError):
        yield _veto(subject, "letters", 0, "the file cannot be cut into tokens; correct the syntax")
        return
    tree = parsed(text)
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
            yield from (
                _veto(
                    subject,
                    "letters",
                    node.lineno,
                    f"{word!r} mixes ASCII with look-alike letters; use ASCII",
                )
                for word in re.findall(r"\w+", node.value)
                if _mixed(word)
            )


def _mixed(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return any(c.isascii() for c in letters) and any(not c.isascii() for c in letters)


def _depth(tree: ast.Module) -> tuple[int, int]:
    """How deep a syntax tree is, and of how many nodes."""
    deepest = parts = 0
    nodes: list[ast.AST] = [tree]
    while nodes:
        deepest, parts = deepest + 1, parts + len(nodes)
        nodes = [child for node in nodes for child in ast.iter_child_nodes(node)]
    return deepest, parts


def _veto(subject: Subject, rule: str, line: int, message: str) -> Finding:
    return Finding(f"bytes.{rule}", Severity.VETO, message, subject.path, line)


Rule = Callable[[Subject], Iterator[Finding]]
RULES: tuple[Rule, ...] = (_size, _encoding, _characters, _shape, _program, _letters)
