"""What the proposing seats think with: adapters of `ports.Mind`."""
