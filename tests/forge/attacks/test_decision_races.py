"""Main or the branch moves while SRE decides and merges a change that every seat approved."""

import itertools
import os
import shutil
from pathlib import Path

import pytest

from alphaloop import loop
from alphaloop.facts.entry import Kind

RACES = 300 if "ALPHALOOP_WHOLE_SWEEP" in os.environ else 3
RIVALS = {
    "a commit by hand": "git commit -q --allow-empty -m 'By hand'",
    "an edit by hand": "echo x > note.txt && git add note.txt && git commit -q -m 'A note'",
    "a push": (
        "b=$(git for-each-ref --format='%(refname)' 'refs/heads/alphaloop/quant/*')\n"
        "git update-ref $b $(git commit-tree -S -p $b -m more $b^{tree})"
    ),
}


@pytest.fixture
def first(tmp_path):
    """Let the n-th git that is started from now on wait until `words` are done in `folder`."""
    real = shutil.which("git")

    def arrange(patch, folder, words, number):
        place = tmp_path / f"bin-{len(list(tmp_path.iterdir()))}"
        place.mkdir()
        (place / "count").write_text("0\n")
        lines = [
            "#!/bin/sh",
            f"read n < {place}/count; n=$((n + 1)); echo $n > {place}/count",
            f"if [ $n -eq {number} ]; then",
            f'  env -i PATH="{Path(real).parent}:/usr/bin:/bin" HOME=/nonexistent sh {place}/rival >&2',
            "fi",
            f'exec {real} "$@"',
            "",
        ]
        (place / "rival").write_text(f"set -e; cd {folder}\n{words}\n")
        (place / "git").write_text("\n".join(lines))
        (place / "git").chmod(0o755)
        patch.setenv("PATH", f"{place}:{os.environ['PATH']}")
        return place / "count"

    return arrange


def test_main_that_moves_anywhere_in_a_decision_lets_nothing_else_land(approved, copied, sit, first):
    looks = _raced(approved, copied, sit, first, "true", 0)
    plans = itertools.product(range(1, looks + 1), RIVALS.values())
    every = max(1, looks * len(RIVALS) // RACES)
    for number, words in itertools.islice(itertools.cycle(plans), 0, RACES * every, every):
        _raced(approved, copied, sit, first, words, number)


def _raced(approved, copied, sit, first, words, number):
    """Decide and merge while somebody else comes before the n-th git; how many gits that took."""
    folder = copied(approved)
    desk = sit(folder)
    change, base = desk.forge.change(1), desk.forge.main()
    with pytest.MonkeyPatch.context() as patch:
        count = first(patch, folder, words, number)
        released = loop.deploy(desk, change)
        looks = int(count.read_text())
    desk.forge.vouch()
    landed = [entry.body["landing"] for entry in desk.ledger.entries() if entry.kind is Kind.RELEASE]
    main = desk.forge.main()
    if released is None:
        assert number
        assert not landed
        assert change.head not in desk.forge.git.run("rev-list", main).decode()
    else:
        commit = desk.forge.git.commit(landed[0]["commit"])
        assert commit.parents == (base, change.head)
        assert commit.tree == change.head_tree
        assert desk.forge.git.descends(commit.id, main)
    desk.forge.shut()
    shutil.rmtree(folder)
    return looks
