"""Nouns, remembered."""
