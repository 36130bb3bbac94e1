"""Work kept for later, durably."""
