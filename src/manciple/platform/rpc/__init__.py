"""The typed wire: procedures, and every face derived from them."""
