"""The live side of a meetup: batches, breakouts, sheets, cards and commitments.

Glossary. *Meetup*: the live side of an event. *Batch*: one sitting of an over-full meeting.
*Breakout*: a table, strategy or local. *Sheet*: what a table writes. *Card*: an event being
planned on a local sheet. *Commitment*: a person's yes to a card. *Offer*: to co-host what has its
host; it is nothing before the host's own yes. *Topic*: what a strategy table
talks about; a *ballot* is somebody's up to three, the best first. *Slip*: the number of who has no
phone. *Expected*: who signed up to the evening; the door brings them in from its list.
*Paper sheet*: a printed local sheet with an id; to *read it in* is to make its card.
*Recap*: what an evening came to, in sums and on a page for everybody; it names nobody who was
there. *Call list*: the hosts who have not said that it is on. *Seed*: a table that wants to go on
as a group, before somebody convenes it and somebody has looked. *Incident*: a line of the log of
what happened in the hall. *Need*: what somebody's table must be, known to them and the desk alone.
*Mark*: what a table is, by the number that stands on it. *Sent out*: who had to leave the hall;
they may appeal. *Word*: what the desk tells everybody, until the next part. *Device*: another
browser that holds the desk of one meetup without a sign-in, until it ends; a *desk link* is what
lets it in, once.
"""
