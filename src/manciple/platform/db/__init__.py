"""Engines, connections and migrations."""
