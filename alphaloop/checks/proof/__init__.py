"""The proof stage: a search, within a budget, for a market in which a strategy's own quotes break a limit."""
