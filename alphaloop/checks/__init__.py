"""Deterministic checks: each a pure function from facts to findings, listed in one table (`table.py`)."""
