"""Plain sentences about groceries, understood without a network."""
