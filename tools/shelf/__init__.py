"""How the bundled shelf is built from public data."""
