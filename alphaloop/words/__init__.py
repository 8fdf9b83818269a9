"""Every sentence that the desk says, as functions of facts."""

from alphaloop.words.anchor import anchor_table
from alphaloop.words.answers import help_answer, misspelt_answer, status_answer, stopped_answer
from alphaloop.words.arena import arena_table, arena_title, catch_table, gate_name, synthetic_table
from alphaloop.words.calibration import calibration_table, calibration_verdict
from alphaloop.words.metrics import extra_table, metric_table
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
    unseen_ruin,
    verdict_comment,
    verdict_line,
)
from alphaloop.words.store import kept_run
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
    "arena_table",
    "arena_title",
    "calibration_table",
    "calibration_verdict",
    "catch_table",
    "change_line",
    "claim_line",
    "conditional",
    "conversation",
    "decision_comment",
    "decision_line",
    "episode_table",
    "extra_table",
    "gate_name",
    "help_answer",
    "hypothesis_line",
    "ingested",
    "judgement_line",
    "kept",
    "kept_run",
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
    "synthetic_table",
    "task_page",
    "tested",
    "turn_table",
    "unseen_ruin",
    "verdict_comment",
    "verdict_line",
    "verified",
    "walkthrough_page",
    "where_to_read",
]
