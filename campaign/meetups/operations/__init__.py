"""What is written of a meetup. Every write holds the batch's row, so the room has one order."""
