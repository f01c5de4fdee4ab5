"""What is said with numbers, and what is not; places in a picture; forecasts."""
