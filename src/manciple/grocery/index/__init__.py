"""The search index: a read model that can always be rebuilt."""
