"""Signed statements: one spelling, one envelope for verdicts, one form of commit for all."""
