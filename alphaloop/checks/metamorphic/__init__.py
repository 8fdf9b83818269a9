"""The same market told otherwise: later, in other units, mirrored; and what a strategy makes of it."""
