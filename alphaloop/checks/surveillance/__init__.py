"""Surveillance: patterns that a venue would call abuse, read off the orders of the stress runs."""
