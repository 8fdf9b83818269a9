"""Both forms play the same, to the last bit, whatever a strategy does and whatever happens to the market."""

import json
from pathlib import Path

import pytest

from alphaloop.sandbox.lockdown import missing_here

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
WORKER = """
import sys
class Strategy:
    def on_book(self, book):
        raise ValueError(" ".join(sys.modules["alphaloop.sandbox.inside." + name].__file__[-60:]
                                  for name in ("serve", "answers")))
"""
ASK = """
import sys
from alphaloop.errors import StrategyFault
from alphaloop.sandbox.{backend} import {name}
sandbox = {name}()
worker = sandbox.start(open(sys.argv[1], "rb").read())
try:
    worker.on_book((*[1.0] * 8, None, None, None))
except StrategyFault as fault:
    print(fault)
sandbox.close()
"""


@pytest.fixture(scope="session")
def both(compiled, python, never, once):
    """What each form made of the same list of episodes, and the file of its pickled journals."""
    if missing := missing_here():
        pytest.skip(f"no lockdown here: {'; '.join(missing)}")

    def fill(folder):
        for form in (never, ""):
            kept = folder / f"journals{form}"
            answer = python(compiled, [HERE / "playing.py", REPOSITORY / "tests" / "corpus", kept], form)
            assert answer.returncode == 0, answer.stderr[-3_000:]
            (folder / f"told{form}").write_text(answer.stdout)

    played = once("both-forms", fill)
    return [
        (json.loads((played / f"told{form}").read_text()), played / f"journals{form}") for form in (never, "")
    ]


def test_one_side_was_played_from_source_and_the_other_compiled(both):
    assert [played[""] for played, _ in both] == [{"compiled": "False"}, {"compiled": "True"}]


def test_every_episode_leaves_the_same_journal_or_the_same_refusal(both):
    (sources, _), (compiled, _) = both
    assert len(sources) > 120
    assert sources.keys() == compiled.keys()
    other = {name: _differing(sources[name], compiled[name]) for name in sources if name}
    assert {name: fields for name, fields in other.items() if fields} == {}


def test_what_was_compared_reaches_every_corner(both):
    """Fills, funding, rejections, refusals of both causes, breaches, faults: else sameness says little."""
    (played, _), _ = both
    told = [each for name, each in played.items() if name and "raised" not in each]
    assert sum(not each["fills"].startswith("0 ") for each in told) > 40
    assert sum(not each["funding"].startswith("0 ") for each in told) > 10
    assert sum(each["fault"] != "''" for each in told) > 30
    assert sum(each["refusals"] != "()" for each in told) > 40
    assert any("raised" in each for each in played.values())


def test_what_one_form_has_pickled_the_other_reads_and_holds_for_the_same(both, compiled, python, never):
    """Journals travel between processes, and the next one may play from source."""
    (_, from_source), (_, from_compiled) = both
    ask = (
        "import pickle, sys; from pathlib import Path\n"
        "one, other = (pickle.loads(Path(name).read_bytes()) for name in sys.argv[1:])\n"
        "for name in one:\n"
        "    assert one[name].refusals and one[name].refusals == other[name].refusals, name\n"
        "    assert one[name].digest == other[name].digest\n"
        "    assert (one[name].fills == other[name].fills).all()\n"
        "print(len(one))\n"
    )
    for form in (never, ""):
        answer = python(compiled, ["-c", ask, from_source, from_compiled], form)
        assert (answer.returncode, answer.stdout) == (0, "2\n"), answer.stderr


@pytest.mark.parametrize(("backend", "name"), [("lockdown", "Lockdown"), ("unsafe", "Unsafe")])
def test_the_worker_has_the_form_of_its_parent(compiled, python, never, tmp_path, backend, name):
    (tmp_path / "strategy.py").write_text(WORKER)
    ask = ["-c", ASK.format(backend=backend, name=name), tmp_path / "strategy.py"]
    told = {form: python(compiled, ask, form).stdout.split() for form in (never, "")}
    assert [place.rpartition("/")[2] for place in told[never][-2:]] == ["serve.py", "answers.py"]
    assert [place.rpartition(".")[2] for place in told[""][-2:]] == ["so", "so"]


def _differing(one, other):
    told = {field: (one.get(field), other.get(field)) for field in {**one, **other}}
    return {field: two for field, two in told.items() if two[0] != two[1]}
