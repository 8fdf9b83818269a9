"""The published anchor: Avellaneda and Stoikov's game played here, beside what it must come to.

`table.py` makes the rows, `paths.py` plays the two files of `strategies/`, `exact.py` computes what
infinitely many paths of a rule come to, and `ceiling.py` what the best of all rules does.
"""
