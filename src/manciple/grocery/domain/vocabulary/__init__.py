"""What groceries are called: readable data, one file a topic."""
