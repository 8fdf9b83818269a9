"""The market: tapes, where they come from, and the numbers measured on them."""
