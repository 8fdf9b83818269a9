"""The constitution: roles.yaml, risk.py and market.yaml of one commit, read strictly."""

from alphaloop.rules.constitution.reading import FILES, read

__all__ = ["FILES", "read"]
