"""What is read of a meetup: who stands where, what a table sees, what the room counts."""
