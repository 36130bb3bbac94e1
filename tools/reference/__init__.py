"""The reference pages of the docs, written from what the product knows of itself."""
