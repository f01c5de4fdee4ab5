"""What is decided about conduct without asking anything: categories, states, reasons, codes."""
