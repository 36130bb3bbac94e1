"""Grants, tokens, passwords and the guard at every door."""
