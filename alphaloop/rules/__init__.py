"""Pure judgement: no input, no output, no clock, no randomness; the same facts give the same answer."""
