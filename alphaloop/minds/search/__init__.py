"""The embedded mind: a catalogue of hypotheses, syntax-tree edits, and a search over their bounds."""
