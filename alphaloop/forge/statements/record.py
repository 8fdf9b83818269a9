"""A signed statement as a commit: a canonical JSON file, what it keeps, pages beside it, a message.

The ledger's entries and the events of pull requests are both written and read here, so that both have
exactly one spelling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alphaloop.errors import Misuse, Untrusted
from alphaloop.forge import commits, objects
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.objects import Node, Nodes, Object
from alphaloop.forge.statements import kept, statement

_KEPT = "keeps"


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of statement looks: the JSON file's name and its fields."""

    file: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A statement that is signed but not stored: its commit's id and every new object."""

    id: str
    things: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a statement goes: after `parents`, beside `pages`, keeping `keeps` (name → id or object)."""

    parents: Sequence[str]
    keeps: Mapping[str, Object | str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    fresh: Sequence[Object] = ()


def write(
    git: Repository, keys: KeyFolder, form: Form, fields: Mapping[str, Any], filing: Filing, signer: str
) -> Written:
    """Sign a statement: `fields` in the form's file, its own message derived from them."""
    kept_ids = {name: _identity(thing) for name, thing in filing.keeps.items()}
    blob = Object("blob", statement.written({**fields, _KEPT: kept_ids}))
    nodes = {form.file: Node(objects.REGULAR, blob.id)} | _pages(filing.pages)
    things = [*filing.fresh, blob]
    if filing.keeps:
        nodes[kept.FOLDER], fresh = kept.planted(git, filing.keeps)
        things += fresh
    tree = objects.tree(nodes)
    content = commits.payload(tree.id, filing.parents, signer, message(fields), commits.now())
    commit = commits.sealed(content, keys.armour(signer, content))
    return Written(commit.id, (*things, tree, commit))


def read(git: Repository, commit: Commit, form: Form) -> dict[str, Any]:
    """The fields of a statement; raises Untrusted unless tree, keeps and message are what the fields say."""
    where = f"{form.file} of {commit.id}"
    nodes = git.nodes(commit.tree)
    file = nodes.get(form.file)
    if file is None or file.mode != objects.REGULAR:
        raise Untrusted(f"commit {commit.id} carries no {form.file}: find out who wrote it")
    fields = statement.read(git.blob(file.id), where)
    kept_ids = fields.pop(_KEPT, None)
    if set(fields) != form.fields or not _is_keeping(kept_ids):
        raise Untrusted(f"{where} has other fields than it must: find out who wrote it")
    kept.check(git, nodes.get(kept.FOLDER), kept_ids, where)
    if commit.message.rstrip("\n") != message(fields).rstrip("\n"):
        raise Untrusted(f"commit {commit.id} tells people something else than its {form.file}")
    return fields


def pages_of(nodes: Nodes, form: Form) -> dict[str, str]:
    """The pages beside a statement: name → blob id."""
    beside = {name: node for name, node in nodes.items() if name not in (form.file, kept.FOLDER)}
    if any(node.mode != objects.REGULAR for node in beside.values()):
        raise Untrusted("a page beside a statement is no regular file: find out who wrote it")
    return {name: node.id for name, node in beside.items()}


def signed_by(commit: Commit, ring: Ring) -> str:
    """The principal that signed and committed a statement."""
    return commits.signer(commit, ring)


def message(fields: Mapping[str, Any]) -> str:
    """What `git log` shows: the subject, and the words below it; a commit's message cannot hold NUL."""
    subject, text = str(fields["subject"]), str(fields.get("text", "")).replace("\0", "").strip()
    return f"{subject}\n" if not text or subject.endswith(f": {text}") else f"{subject}\n\n{text}\n"


def one_line(text: str) -> str:
    """Words fit for a subject: one line, printable, at most 120 characters."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not words:
        raise Misuse("a subject must say something: give it words")
    return words if len(words) <= 120 else words[:119] + "…"


def _pages(pages: Mapping[str, str]) -> dict[str, Node]:
    return {name: Node(objects.REGULAR, identity) for name, identity in pages.items()}


def _identity(thing: Object | str) -> str:
    return thing if isinstance(thing, str) else thing.id


def _is_keeping(kept_ids: object) -> bool:
    return isinstance(kept_ids, dict) and all(isinstance(identity, str) for identity in kept_ids.values())
