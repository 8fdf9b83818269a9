"""What runs in the prover's own process, behind the walls: CrossHair, and the strategy that it looks into."""
