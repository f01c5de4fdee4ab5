"""What is written in a phonebank: set up, import, hand out, report."""
