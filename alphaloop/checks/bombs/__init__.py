"""Time bombs: the file's own numbers fed back to it as time, price, size, position, count and volatility."""
