"""Events: written with the change, fanned out to who may hear them."""
