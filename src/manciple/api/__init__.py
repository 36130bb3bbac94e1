"""What can be asked: one file per router on the wire."""
