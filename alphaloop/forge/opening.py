"""Opening a pull request: its number comes from the ledger, and a killed run can be taken up from there."""

import re
from collections.abc import Mapping

from alphaloop.errors import Misuse, RepositoryFailure
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge import commits, objects, reading
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.objects import REGULAR, Node, Object
from alphaloop.forge.pull_requests import OPENED, Conversations, Event, ref
from alphaloop.forge.statements import record


def head_commit(
    git: Repository, keys: KeyFolder, author: str, words: str, files: Mapping[str, bytes | None], parent: str
) -> str:
    """Commit `files` (None deletes) on top of `parent` as `author`; Misuse when they change nothing."""
    blobs = {
        objects.checked_path(path): None if content is None else Object("blob", content)
        for path, content in files.items()
    }
    tree = git.commit(parent).tree
    changes = {
        path: None if blob is None else Node(_mode(git, parent, path), blob.id)
        for path, blob in blobs.items()
    }
    root, trees = objects.graft(git.nodes, tree, changes)
    if root == tree:
        raise Misuse(
            f"{', '.join(sorted(files)) or 'no file'}: nothing differs from {parent[:12]}, so there is no "
            "change"
        )
    content = commits.payload(root, (parent,), author, words, commits.now())
    commit = commits.sealed(content, keys.armour(author, content))
    git.write([*(blob for blob in blobs.values() if blob is not None), *trees, commit])
    return commit.id


def allocation(author: str, title: str, body: str, base: str, head: str, key: str) -> Draft:
    """The ledger entry that gives a change its number, holding all that is needed to open it."""
    fields = {"author": author, "title": record.one_line(title), "text": body, "base": base, "head": head}
    return Draft(Kind.NUMBER, f"number:{key}", f"{author} proposes: {title}", fields, {"head": head})


def complete(git: Repository, talks: Conversations, ledger: LocalLedger, entry: Entry) -> int:
    """Make branch and pull request of an allocated change, as far as they are missing; answer its number."""
    number = reading.number_of(ledger, entry)
    event = opened_event(number, entry)
    branch = f"refs/heads/{event.branch}"
    for _ in attempts(git, [branch, ref(number), LEDGER]):
        if git.ref(ref(number)) is not None:
            return number
        tip = ledger.chain().tip
        moves = [talks.prepare(event, ())]
        standing = git.ref(branch)
        if standing is None:
            moves.insert(0, Move(branch, event.head, NOTHING))
        if git.move(moves, {LEDGER: tip} | ({branch: standing} if standing else {})):
            return number
    raise RepositoryFailure(f"pull request {number} stayed busy: look for {branch}.lock, then run again")


def branch_name(author: str, number: int, title: str) -> str:
    """`alphaloop/<author>/<number>-<words of the title>`."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-") or "change"
    return f"alphaloop/{author.replace(':', '.')}/{number}-{slug}"


def opened_event(number: int, entry: Entry) -> Event:
    """The first event of a pull request, as the ledger allocated it."""
    body = entry.body
    return Event(
        number=number,
        place=0,
        commit="",
        verb=OPENED,
        author=entry.signer,
        key=entry.key,
        title=body["title"],
        text=body["text"],
        head=body["head"],
        base=body["base"],
        branch=branch_name(entry.signer, number, body["title"]),
    )


def _mode(git: Repository, parent: str, path: str) -> str:
    standing = git.node(parent, path)
    return standing.mode if standing is not None and standing.mode.startswith("100") else REGULAR
