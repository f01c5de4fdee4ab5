"""The pure rules of calling: when, how often, what an outcome does, what a heading means."""
