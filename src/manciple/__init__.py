"""A grocery agent that a household, a shop team or another program can run itself."""
