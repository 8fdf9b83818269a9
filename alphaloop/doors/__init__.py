"""The doors: where people and programs come in, and the only place where every error is caught."""
