"""The live side of a meetup: batches, breakouts, sheets, cards and commitments.

Glossary. *Meetup*: the live side of an event. *Batch*: one sitting of an over-full meeting.
*Breakout*: a table, strategy or local. *Sheet*: what a table writes. *Card*: an event being
planned on a local sheet. *Commitment*: a person's yes to a card.
"""
