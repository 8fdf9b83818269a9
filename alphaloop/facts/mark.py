"""What people do to a pull request beside speaking and closing it."""

from enum import StrEnum


class Mark(StrEnum):
    """What was done; of drafted and readied the newest counts."""

    DRAFTED = "drafted"
    READIED = "readied"
    REOPENED = "reopened"
