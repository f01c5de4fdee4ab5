"""The pure decisions of this room: the evening, the deal, the card."""
