"""What is decided about events without looking anything up: kinds, times, places, needs."""
