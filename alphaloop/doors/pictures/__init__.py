"""Pictures for people: what an episode looked like, on paper and on a screen."""
