"""Undoing what has landed, by a change of its own that has to pass the same gate."""

from alphaloop.errors import Refused
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Kind
from alphaloop.ports import Desk
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.entries.releases import release_of
from alphaloop.rules.life import release_entry


def reverted(desk: Desk, number: int, author: str) -> Change:
    """A pull request of `author` that puts every file of merged change `number` back to what it was before.

    Raises Refused where nothing was merged, or where a file was changed again since: only a person can say
    what is to become of that.
    """
    entry = release_entry(desk.ledger.entries(), number)
    if entry is None:
        raise Refused(f"#{number} was never merged, so there is nothing to undo: `/alphaloop close` ends it")
    commit = release_of(entry).commit
    before = body_of(entry, Kind.RELEASE).inner("landing").text("base")
    old, new, now = (desk.forge.files(at) for at in (before, commit, desk.forge.main()))
    paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    moved = [path for path in paths if now.get(path) != new.get(path)]
    if moved:
        raise Refused(
            f"{', '.join(moved)} changed again since #{number} landed: undo it by hand, and propose that "
            "with `alphaloop pr open`"
        )
    files = {path: desk.forge.file(before, path) if path in old else None for path in paths}
    title = f"Revert #{number}: {desk.forge.change(number).title}"
    return desk.forge.open(author, title, f"Undoes {commit}.", files, f"revert:{number}:{commit}")
