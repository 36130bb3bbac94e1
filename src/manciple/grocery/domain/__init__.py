"""Nouns and rules: frozen, pure, no await."""
