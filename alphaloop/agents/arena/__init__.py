"""Arenas: whole loops of proposals on worlds whose truth is known, judged by our gate and by others."""
