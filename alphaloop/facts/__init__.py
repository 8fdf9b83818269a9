"""Frozen facts, standard library only; impossible values are refused at birth."""
