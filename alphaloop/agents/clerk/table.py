"""Every command of a comment: one line each, and one small file behind it."""

from collections.abc import Mapping

from alphaloop.agents.clerk import (
    approve,
    close,
    explain,
    hold,
    merge,
    override,
    propose,
    resume,
    retry,
    review,
    rollback,
    simulate,
    status,
    stop,
    unhold,
    veto,
)
from alphaloop.agents.clerk.asked import Served
from alphaloop.agents.clerk.help import help_over
from alphaloop.facts.command import Verb

_OTHERS = (
    status.COMMAND,
    explain.COMMAND,
    review.COMMAND,
    simulate.COMMAND,
    approve.COMMAND,
    veto.COMMAND,
    hold.COMMAND,
    unhold.COMMAND,
    merge.COMMAND,
    rollback.COMMAND,
    propose.COMMAND,
    retry.COMMAND,
    override.COMMAND,
    close.COMMAND,
    stop.COMMAND,
    resume.COMMAND,
)
TABLE: Mapping[Verb, Served] = {one.usage.verb: one for one in (help_over(_OTHERS), *_OTHERS)}
