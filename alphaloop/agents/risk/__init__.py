"""Risk: attacks a change, tests it when nothing was found, and holds the veto."""
