"""What parent and nursery say to each other: one packet a request, one packet a reply."""

from struct import Struct

UP, BEAR, END = 1, 2, 3

REQUEST = Struct("<BiQI")
"""Verb; core (BEAR; −1 is any) or process id (END); address space in bytes; CPU seconds.

BEAR carries the worker's end of a socket beside it.
"""

REPLY = Struct("<Bii")
"""Verb, process id, wait status (END; otherwise 0)."""
