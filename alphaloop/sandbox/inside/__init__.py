"""What runs in the fresh process: of AlphaLoop it may import the contract, the wire, and nothing else."""
