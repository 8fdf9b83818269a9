"""How well a world matches a tape: figures of both, their distance, and a picture."""
