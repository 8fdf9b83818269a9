"""Keys: the private ones of this machine, the public ones of the desk, and how they change."""
