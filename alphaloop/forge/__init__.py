"""The repository as a forge: keys, the ledger, pull requests and merges, all in plain git."""
