"""What we know about groceries; knows no sockets."""
