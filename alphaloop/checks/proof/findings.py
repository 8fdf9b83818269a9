"""The judging part of the proof stage: a counterexample is a veto, and finding none proves nothing."""

from alphaloop.checks.proof.play import Counterexample
from alphaloop.checks.proof.search import NOT_HELD, Proof
from alphaloop.contract import Book, Quote
from alphaloop.facts.finding import Finding, Severity

_MOST_QUOTES = 4
FAULT = "fault"


def proof_findings(proof: Proof, path: str) -> tuple[Finding, ...]:
    """A veto with the counterexample, or a note on how far both searches came."""
    if proof.found is None:
        covered = Finding("proof.none_found", Severity.NOTE, _covered(proof), path)
        return (covered, _half(path)) if proof.ended == NOT_HELD else (covered,)
    rule = FAULT if proof.found.refusal is None else proof.found.refusal.rule
    return (Finding(f"proof.{rule}", Severity.VETO, _shown(proof.found, proof.by), path),)


def _half(path: str) -> Finding:
    """Said where only one of the two searches ran: each finds what the other misses (docs/decisions/0018)."""
    seen = (
        "only examples were searched: CrossHair runs a strategy in its own process, this sandbox has no room "
        "for that, and no weaker walls than those asked for are put around it; review with the sandbox "
        "lockdown too"
    )
    return Finding("proof.half", Severity.WARNING, seen, path)


def _covered(proof: Proof) -> str:
    progress = proof.progress
    lost = f", {progress.lost} of them not to their end" if progress.lost else ""
    ended = f"; CrossHair ended early: {proof.ended}" if proof.ended else ""
    refuted = f"; {proof.refuted} claims did not hold when played again" if proof.refuted else ""
    again = f"; {proof.again} counterexamples of before were met again" if proof.again else ""
    return (
        f"no counterexample found in {proof.seconds:.1f} s ({proof.examples} examples; CrossHair explored "
        f"{progress.paths} paths{lost}{refuted}{ended}{again}); this is no proof that there is none"
    )


def _shown(found: Counterexample, by: str) -> str:
    """The counterexample in words: the limit, the market, the history, the answer."""
    parts = [_broken(found), f"found by {by}"]
    if found.book is not None:
        parts.append(f"after {_history(found)} it was asked about {_book(found.book)}")
    if found.quotes:
        parts.append(f"and answered {_quotes(found.quotes)}")
    return "; ".join(parts) + "; check every number before quoting"


def _broken(found: Counterexample) -> str:
    if found.refusal is None:
        return f"the strategy fails in a market that can be: {found.fault}"
    refusal = found.refusal
    value = "no number" if refusal.value is None else f"{refusal.value:g}"
    limit = "" if refusal.limit is None else f", the limit is {refusal.limit:g}"
    return f"its own quotes break the rule {refusal.rule} with {value}{limit}"


def _history(found: Counterexample) -> str:
    fills = sum(move.target_lots is not None for move in found.history)
    silences = sum(bool(move.silent_s) for move in found.history)
    counted = [f"{len(found.history)} decisions"]
    counted += [f"{fills} with orders filled"] if fills else []
    counted += [f"{silences} after a silence"] if silences else []
    return ", ".join(counted)


def _book(book: Book) -> str:
    return (
        f"bid {book.bid:.10g} x {book.bid_size:.10g}, ask {book.ask:.10g} x {book.ask_size:.10g}, "
        f"position {book.position:.10g}, volatility {book.volatility:.6g}"
    )


def _quotes(quotes: tuple[Quote, ...]) -> str:
    told = ", ".join(
        f"{quote.side} {quote.size:.10g} at {quote.price:.10g}" for quote in quotes[:_MOST_QUOTES]
    )
    return told + (f" and {len(quotes) - _MOST_QUOTES} more" if len(quotes) > _MOST_QUOTES else "")
