"""A clone and its origin, brought together: pull requests join, the ledger never does."""
