"""One command per file; `doors.cli` lists them."""
