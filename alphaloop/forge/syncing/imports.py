"""Imported entries: the original stays beside the import, with the signature of whoever wrote it."""

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge import commits
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.objects import Object
from alphaloop.forge.statements import kept, record
from alphaloop.forge.statements.record import Form
from alphaloop.rules.entries.imported import imported

ORIGINAL = "entry"
"""The name under which an import keeps the original's commit."""


def check(git: Repository, entry: Entry, ring: Ring, genesis: str, form: Form) -> None:
    """Raise Untrusted unless an import says exactly what the original that it keeps says and who signed it.

    ring: the keys in force where the import stands: what was signed with a key that is gone is not taken in.
    """
    raw = kept_original(git, entry.commit)
    if raw is None:
        raise Untrusted(f"ledger entry {entry.number} keeps no original of what it imports")
    told = imported(original_in(git, raw, ring, genesis, form))
    if (told.key, dict(told.body)) != (entry.key, dict(entry.body)):
        raise Untrusted(f"ledger entry {entry.number} imports something else than the original that it keeps")


def kept_original(git: Repository, commit: str) -> Object | None:
    """The original's commit that an import keeps, or None."""
    originals = list(kept.kept_commits(git, git.nodes(git.commit(commit).tree)))
    return originals[0] if len(originals) == 1 else None


def original_in(git: Repository, raw: Object, ring: Ring, genesis: str, form: Form) -> Entry:
    """The entry that a raw commit carries, whose signature, message and tree hold; Untrusted else."""
    commit = commits.parsed(raw.content)
    where = f"the imported entry {commit.id[:12]}"
    fields = record.read(git, commit, form)
    signer = record.signed_by(commit, ring)
    number, key, subject, body = (fields[name] for name in ("number", "key", "subject", "body"))
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not (whole and isinstance(key, str) and isinstance(subject, str) and isinstance(body, dict)):
        raise Untrusted(f"{where} lacks a number, a key, a subject or a body")
    if fields["genesis"] != genesis:
        raise Untrusted(f"{where} belongs to another repository's ledger (genesis {fields['genesis']!r})")
    try:
        kind = Kind(fields["kind"])
    except ValueError as unknown:
        raise Untrusted(f"{where} is of the unknown kind {fields['kind']!r}: upgrade alphaloop") from unknown
    return Entry(number, commit.id, signer, kind, key, subject, body)
