"""The seat's name, as roles.yaml spells it."""

SEAT = "risk"
