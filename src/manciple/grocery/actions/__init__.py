"""Verbs: what a shopper can do."""
