"""Two versions side by side until a rule has decided, and all of it in the ledger.

A tournament and a canary are the same thing with another rule, other seeds and another owner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alphaloop.agents.grounds import constitution_at, strategy_at, venue_at
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.agents.keeping import conditional_on, kept_sides
from alphaloop.agents.risk.binding import bound
from alphaloop.agents.sides import Sides
from alphaloop.facts.entry import Entry
from alphaloop.facts.episode import Pair
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.judgement import Finish
from alphaloop.market.store.journals import Run
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.entries.evidence import evidence
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.sequential import Sequential, judged, states
from alphaloop.simulation.pairs import play_pairs
from alphaloop.simulation.witnessed import play_witnessed

TOLD_EVERY = 40
KEEPER_OF_SEEDS = "risk"


@dataclass(frozen=True, slots=True)
class Contest:
    """What is compared, and by what right.

    name: as people read it; of: the entry that it belongs to, from which its seeds derive; head plays against
    base by the constitution of `judged_by`; seat puts the evidence into the ledger; most: pairs at most.
    """

    name: str
    of: Entry
    stream: seeds.Stream
    change: int
    head: str
    base: str
    judged_by: str
    seat: str
    most: int


def contested(desk: Desk, contest: Contest, scales: Scales, test: Sequential) -> Entry:
    """Play until `test` is decided, and put every pair into the ledger; a kill resumes the same seeds."""
    refuse_other_judge(desk, contest.judged_by)
    signature = _signature(desk, contest)
    sides = Sides()
    pairs = tuple(_until_decided(desk, contest, test, _numbers(desk, contest, signature), sides))
    made = Evidence(
        of=contest.of.commit,
        change=contest.change,
        head=contest.head,
        head_tree=desk.forge.tree(contest.head),
        base=contest.base,
        signature=signature.hex(),
        scales=scales,
        pairs=pairs,
        bound=bound(desk, contest.judged_by),
        judgement=judged(test, pairs),
    )
    entry = desk.ledger.append(evidence(made), contest.seat)
    _keep(desk, contest, sides)
    return entry


def _until_decided(
    desk: Desk, contest: Contest, test: Sequential, numbers: Sequence[int], sides: Sides
) -> Iterator[Pair]:
    for pair, now in states(test, _pairs(desk, contest, numbers, sides)):
        yield pair
        if now.finish is Finish.GOING_ON and now.pairs % TOLD_EVERY == 0:
            desk.tell(f"  {contest.name}: {now.words}")


def _pairs(desk: Desk, contest: Contest, numbers: Sequence[int], sides: Sides) -> Iterator[Pair]:
    candidate, base = strategy_at(desk, contest.head), strategy_at(desk, contest.base)
    venue = venue_at(desk, contest.judged_by)
    if desk.rehearsal:
        # Nothing of it is kept, so nothing but scores need come home from where it is played.
        return play_pairs(candidate, base, numbers, venue, desk.cores)
    return sides.seen(play_witnessed(candidate, base, numbers, venue, desk.cores))


def _signature(desk: Desk, contest: Contest) -> bytes:
    # A rehearsal signs nothing: whoever saw the signature could fit a strategy to the judge's seeds.
    if desk.rehearsal:
        return b""
    genesis = genesis_id(desk.ledger.entries())
    return desk.keys.signature(KEEPER_OF_SEEDS, seeds.message_to_sign(contest.stream, genesis, contest.of))


def _numbers(desk: Desk, contest: Contest, signature: bytes) -> Sequence[int]:
    if desk.rehearsal:
        return seeds.search(desk.seed, f"rehearsal {contest.of.key}", contest.most)
    return seeds.signed(contest.stream, signature, contest.most)


def _keep(desk: Desk, contest: Contest, sides: Sides) -> None:
    run: Run = {
        "by": contest.name,
        "change": contest.change,
        "head": contest.head,
        "base": contest.base,
        "entry": contest.of.number,
        "pairs": len(sides.head),
        **conditional_on(constitution_at(desk, contest.judged_by).market.world.tape),
    }
    kept_sides(desk, sides.head, sides.base, run)
