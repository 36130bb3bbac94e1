"""What the house uses on itself; nothing here ships."""
