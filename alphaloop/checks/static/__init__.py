"""The static policy: an allow-list over the syntax tree, one rule per file, listed in `table.py`.

A construct that no rule knows is refused.  Comments and docstrings never influence a finding.
"""
