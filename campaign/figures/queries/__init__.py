"""What calling came to, with the names that go with it, and what is still to come."""
