"""What the benchmarks are made of besides themselves: peers of more than a call, and measuring."""
