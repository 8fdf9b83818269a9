"""judge.lock: the one program that may judge this repository."""

from alphaloop.facts.judge import Examined, Judge
from alphaloop.rules.constitution.strict_yaml import Node, born, load

FILE = "judge.lock"
_COUNTS = ("files", "missed", "false_alarms", "loops", "proposals", "promoting")


def judge(content: bytes) -> Judge:
    """The judge that is pinned; raises BadConfiguration with the line of what is wrong."""
    return _read(content)[0]


def examined(content: bytes) -> Examined | None:
    """How it did before it was let in, None where nobody looked."""
    return _read(content)[1]


def judge_lock(pinned: Judge, found: Examined | None) -> bytes:
    """judge.lock with this judge: what `judge` and `examined` read back."""
    lines = [
        "# The program that judges this repository; another one refuses to.",
        "# Only humans change this file: `alphaloop judge upgrade` examines a program and writes it.",
        "",
        f'version: "{pinned.version}"',
        f"program: {pinned.program}  # over the program's own files",
        f'python: "{pinned.python}"',
        *_written(found),
    ]
    return "\n".join([*lines, ""]).encode()


def _written(found: Examined | None) -> list[str]:
    if found is None:
        return ["examined: {}  # not here: `alphaloop init` takes the program as it is"]
    counts = [f"  {name}: {getattr(found, name)}" for name in _COUNTS]
    return [
        "examined:  # the corpus and the null arena, before it was let in",
        f"  through: {found.through}",
        *counts,
    ]


def _read(content: bytes) -> tuple[Judge, Examined | None]:
    document = load(FILE, content)
    fields = document.mapping(("version", "program", "python", "examined"))
    texts = {name: fields[name].text() for name in ("version", "program", "python")}
    return born(document, lambda: Judge(**texts)), _examined(fields["examined"])


def _examined(node: Node) -> Examined | None:
    if not node.entries():
        return None
    fields = node.mapping(("through", *_COUNTS))
    through, counts = fields["through"].text(), {name: fields[name].whole() for name in _COUNTS}
    return born(node, lambda: Examined(through, **counts))
