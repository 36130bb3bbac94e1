"""The parts of a house that a service may open: each sets the actions that live in it."""
