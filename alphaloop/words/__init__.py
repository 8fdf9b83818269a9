"""Every sentence that the desk says, as functions of facts."""

from alphaloop.words.anchor import anchor_table
from alphaloop.words.answers import help_answer, misspelt_answer, status_answer, stopped_answer
from alphaloop.words.calibration import calibration_table, calibration_verdict
from alphaloop.words.metrics import metric_table
from alphaloop.words.pages import task_page
from alphaloop.words.recordings import ingested
from alphaloop.words.reviews import (
    conditional,
    decision_comment,
    decision_line,
    hypothesis_line,
    judgement_line,
    mean_gain,
    not_merged_comment,
    proposal_body,
    stages,
    tested,
    verdict_comment,
    verdict_line,
)
from alphaloop.words.table import turn_table
from alphaloop.words.terminal import (
    answered,
    change_line,
    claim_line,
    conversation,
    episode_table,
    kept,
    lesson,
    review_answer,
    verified,
    where_to_read,
)
from alphaloop.words.walkthrough import walkthrough_page

__all__ = [
    "anchor_table",
    "answered",
    "calibration_table",
    "calibration_verdict",
    "change_line",
    "claim_line",
    "conditional",
    "conversation",
    "decision_comment",
    "decision_line",
    "episode_table",
    "help_answer",
    "hypothesis_line",
    "ingested",
    "judgement_line",
    "kept",
    "lesson",
    "mean_gain",
    "metric_table",
    "misspelt_answer",
    "not_merged_comment",
    "proposal_body",
    "review_answer",
    "stages",
    "status_answer",
    "stopped_answer",
    "task_page",
    "tested",
    "turn_table",
    "verdict_comment",
    "verdict_line",
    "verified",
    "walkthrough_page",
    "where_to_read",
]
