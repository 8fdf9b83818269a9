"""What is said of a scaling: who lets the strategy hold more, and why no tournament was played."""

from alphaloop.facts.change import LIMITS, Change, Scaling
from alphaloop.words.spelling import quoted


def scaling_line(scaling: Scaling) -> str:
    """From how much to how much, on one line."""
    return f"a scaling: MAX_POSITION goes from {scaling.before:.12g} to {scaling.after:.12g}"


def scaling_rests_on(change: Change, scaling: Scaling) -> str:
    """What Risk's answer on a scaling rests on."""
    return (
        f"every safety stage, under {LIMITS} of {change.head[:12]} (MAX_POSITION {scaling.after:.12g}); no "
        f"tournament: {_people(scaling)} asked for it, and nobody claims that it is better"
    )


def scaling_story(change: Change, scaling: Scaling) -> str:
    """What a scaling is and by whom, for the explanation of a change and for the walkthrough."""
    return (
        f"It is {scaling_line(scaling)}, and nothing else of the strategy changes. Signed by "
        f"{quoted(_people(scaling))}, answering for it: no improvement is claimed, so no tournament was "
        f"played and nothing was taken from the error budget. It is judged by the limits of its own head "
        f"`{change.head[:12]}`, under which it is to run; {_WAY_BACK[scaling.raises]}."
    )


def _people(scaling: Scaling) -> str:
    return " and ".join(scaling.signers)


_WAY_BACK = {
    True: "it runs as a canary, and a rollback puts strategy and limits back together",
    False: "it runs at once, without a canary, because its way back would loosen a limit",
}
