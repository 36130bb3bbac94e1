"""Services that run, find each other, heal and scale."""
