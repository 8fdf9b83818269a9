"""Account, outer risk engine and working orders: the same code in simulation and in production."""
