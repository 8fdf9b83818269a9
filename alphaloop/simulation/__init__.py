"""Strategies played over tapes: matching, the trader's view, the episode, and pairs of episodes."""
