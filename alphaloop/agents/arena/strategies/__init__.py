"""The strategies of an arena as files: read as text and played as any other, never imported."""
