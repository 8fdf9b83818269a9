"""The compiled form: what happens between two decisions, translated to C from the very same sources."""
