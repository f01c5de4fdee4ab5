"""What organisers and callers type."""
