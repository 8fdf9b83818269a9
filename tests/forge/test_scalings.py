"""What git says of a scaling, whoever says otherwise: signatures, bases, landings and restores."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.errors import Untrusted
from alphaloop.facts.change import Scaling
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge import landing, mainline, merging
from alphaloop.forge.founding import found
from alphaloop.forge.landing import Craft
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.ports import Merged
from alphaloop.rules.constitution.roles import SEATS
from alphaloop.rules.constitution.writing import with_humans
from alphaloop.rules.entries.releases import release

ANN, BOB = "human:ann", "human:bob"
ROOT = Path(__file__).resolve().parents[2]
WAS = b"MAX_POSITION = 10.0"


@pytest.fixture
def folder(tmp_path):
    """Ann's desk with the files that init gives a desk."""
    files = {path: (ROOT / "strategy_template" / path).read_bytes() for path in ("strategy.py", "risk.py")}
    files["market.yaml"] = (ROOT / "strategy_template" / "market.yaml").read_bytes()
    files["roles.yaml"] = with_humans((ROOT / "roles.yaml").read_bytes(), ["ann"])
    found(tmp_path / "desk", files, SEATS, "ann")
    return tmp_path / "desk"


@pytest.fixture
def forge(folder):
    opened = LocalForge(folder)
    yield opened
    opened.shut()


def raised(forge, number=b"20.0", paths=("risk.py", "strategy.py")):
    """The files of main with another MAX_POSITION."""
    main = forge.main()
    return {path: forge.file(main, path).replace(WAS, b"MAX_POSITION = " + number) for path in paths}


def proposed(forge, author=ANN, key="scale"):
    return forge.open(author, "Hold more", "", raised(forge), key)


def why(forge, change):
    found_ = forge.scaling(change.number, change.base, change.head)
    assert (change.scaling is None) == isinstance(found_, str)
    return found_


def test_a_persons_change_of_both_files_is_one_and_is_judged_by_its_own_limits(forge):
    change = proposed(forge)
    assert change.scaling == Scaling(10.0, 20.0, (ANN,))
    assert change.judged_by == change.head
    assert why(forge, change) == change.scaling


def test_the_same_files_by_a_seat_are_none(forge):
    change = proposed(forge, "quant")
    assert change.scaling is None
    assert change.judged_by == change.base
    assert "quant wrote a part of it" in why(forge, change)


def test_a_persons_commits_that_a_seat_brings_are_none(forge):
    head = proposed(forge).head
    change = forge.bring("quant", "Mine", "", head, "again")
    assert "quant wrote a part of it" in why(forge, change)


def test_one_commit_of_a_seat_among_a_persons_makes_it_none(forge):
    change = forge.open(ANN, "Hold more", "", raised(forge, paths=("risk.py",)), "scale")
    change = forge.push(change.number, "quant", raised(forge, paths=("strategy.py",)), "the rest", "rest")
    assert "quant wrote a part of it" in why(forge, change)
    # Ann writes the very same bytes over it: the seat's commit is still one of the change's.
    again = {"strategy.py": forge.file(change.head, "strategy.py") + b"# more\n"}
    change = forge.push(change.number, ANN, again, "over it", "over")
    again = {"strategy.py": raised(forge)["strategy.py"]}
    change = forge.push(change.number, ANN, again, "and back", "back")
    assert forge.file(change.head, "strategy.py") == raised(forge)["strategy.py"]
    assert "quant wrote a part of it" in why(forge, change)


def _git(folder, *arguments, seat=""):
    """Plain git; as a seat, signed with its key."""
    signing = []
    if seat:
        key = folder / ".alphaloop" / "keys" / seat.replace(":", ".")
        signing = ["-c", f"user.name={seat}", "-c", f"user.email={seat.replace(':', '.')}@alphaloop.invalid"]
        signing += ["-c", f"user.signingkey={key}", "-c", "gpg.format=ssh", "-c", "commit.gpgsign=true"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *signing, *arguments],
        check=False,
        cwd=folder,
        text=True,
        capture_output=True,
        env=environment,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _committed(folder, branch, start, files, seat):
    _git(folder, "checkout", "-q", "-b", branch, start)
    for path, content in files.items():
        (folder / path).write_bytes(content)
    _git(folder, "commit", "-qam", "one file", seat=seat)


def test_two_commits_of_a_person_that_a_seat_joins_are_none(forge, folder):
    both, main = raised(forge), forge.main()
    _committed(folder, "one", main, {"risk.py": both["risk.py"]}, ANN)
    _committed(folder, "two", main, {"strategy.py": both["strategy.py"]}, ANN)
    _git(folder, "merge", "-q", "--no-ff", "-m", "join", "one", seat="quant")
    change = forge.bring(ANN, "Joined", "", _git(folder, "rev-parse", "HEAD"), "joined")
    assert {touch.committer for touch in change.touched} == {ANN}, "the merge itself touches nothing"
    assert "quant wrote a part of it" in why(forge, change)


def test_a_branch_that_main_has_left_behind_is_none_until_it_stands_on_main_again(forge, folder):
    change = proposed(forge)
    (folder / "README.md").write_text("more\n")
    _git(folder, "add", "--", "README.md")
    _git(folder, "commit", "-qm", "By hand", seat=ANN)
    behind = forge.change(change.number)
    assert not behind.based
    assert isinstance(why(forge, behind), str)
    _git(folder, "checkout", "-q", "-b", "up", change.head)
    _git(folder, "merge", "-q", "-m", "up to date", "main", seat=ANN)
    _git(folder, "checkout", "-q", "main")
    forge.push_commits(change.number, ANN, _git(folder, "rev-parse", "up"), "up to date", "up")
    assert forge.change(change.number).scaling == change.scaling


@pytest.fixture
def landed(forge, decide):
    """Land what `decided` says of a change, past every check that is made before a landing."""

    def land(change, decided):
        decide(forge, decided)
        tip = forge.ledger.entries()[-1].commit
        facts = {"change": change.number, "head": change.head}
        words = f"Merge #{change.number}"
        craft = Craft(landing.MERGE, tip, change.head_tree, (change.base, change.head), words, (), facts)
        draft = release(decided, forge.main())
        return landing.land(forge.git, forge.keys, forge.ledger, craft, draft, "sre")

    return land


def _false(folder):
    return [claim.words for claim in verify(folder).claims if claim.holds is Holds.FALSE]


def test_a_landed_scaling_is_recomputed_and_said(forge, folder, landed):
    change = proposed(forge)
    assert isinstance(landed(change, change), Merged)
    forge.vouch()
    claims = verify(folder).claims
    assert not [claim for claim in claims if claim.holds is Holds.FALSE]
    assert any("a scaling: MAX_POSITION goes from 10 to 20" in claim.words for claim in claims)


def test_a_decision_that_calls_an_ordinary_change_a_scaling_is_false_and_stops_the_judging(
    forge, folder, landed
):
    files = raised(forge)
    change = forge.open(ANN, "Hold more", "", {**files, "strategy.py": files["strategy.py"] + b"#"}, "scale")
    assert "in more than the number" in why(forge, change)
    landed(change, replace(change, scaling=Scaling(10.0, 20.0, (ANN,))))
    assert any("decided as another change than git holds" in words for words in _false(folder))
    with pytest.raises(Untrusted, match="another change than git holds"):
        forge.vouch()


def test_a_decision_that_hides_a_scaling_is_false_too(forge, folder, landed):
    change = proposed(forge)
    landed(change, replace(change, scaling=None))
    assert any("decided as another change than git holds" in words for words in _false(folder))


def test_nothing_is_restored_that_would_loosen_a_limit(forge, folder):
    wide = forge.main()
    for now in (b"MAX_DRAWDOWN = 0.05", b"MAX_DRAWDOWN = 0.10"):
        text = (folder / "risk.py").read_bytes()
        (folder / "risk.py").write_bytes(
            text.replace(text[text.index(b"MAX_DRAWDOWN") :].split(b"\n")[0], now)
        )
        _git(folder, "commit", "-qam", "By hand", seat=ANN)
        if b"0.05" in now:
            draft = Draft(Kind.RELEASE, "rollback:1", "back", {"action": "rollback"})
            refused = forge.restore(("strategy.py", "risk.py"), wide, "sre", draft)
            assert "loosens MAX_DRAWDOWN" in refused.words
            assert forge.main() == _git(folder, "rev-parse", "main")
    draft = Draft(Kind.RELEASE, "rollback:2", "back", {"action": "rollback"})
    assert isinstance(forge.restore(("strategy.py", "risk.py"), wide, "sre", draft), Merged)


def test_a_forged_restore_that_loosens_a_limit_is_seen(forge, folder, monkeypatch):
    wide = forge.main()
    text = (folder / "risk.py").read_text()
    (folder / "risk.py").write_text(text.replace("MAX_DRAWDOWN = 0.10", "MAX_DRAWDOWN = 0.05"))
    _git(folder, "commit", "-qam", "By hand", seat=ANN)
    # Whoever holds SRE's key needs no forge that asks.
    monkeypatch.setattr(merging, "loosening", lambda *_: ())
    draft = Draft(Kind.RELEASE, "rollback:1", "back", {"action": "rollback"})
    assert isinstance(forge.restore(("risk.py",), wide, "sre", draft), Merged)
    assert any("loosens MAX_DRAWDOWN, which a human alone does" in words for words in _false(folder))
    (record,) = landing.landings(forge.ledger)
    with pytest.raises(Untrusted, match="loosens"):
        mainline.check_landing(forge.git, forge.ledger.chain(), record)
