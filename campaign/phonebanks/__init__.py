"""Call lists, the dispenser, the calling screen, outcomes and lawful calling.

Glossary. *Phonebank*: a calling effort. *Session*: an event of kind phonebank attached to one;
its roster opens the calling screen. *Call list*: imported contacts. *Staged*: a row of a file that
was read and judged, before anybody comes in. *Parked*: held because
the TPS lists them. *Contact*: one person on a
phonebank's list. *Claim*: a contact handed to a caller for a limited time. *Reveal*: showing the
claimed number, counted. *Dialled*: the
caller’s screen told that they go on to ring. *Handed over*: a call that its caller opens on their
own phone. *Call*: one attempt. *Outcome*: what happened. *Answer*: a reply to a
script question. *Callback*: a promised later call.
*Step*: a block of a script that is said or asked; *turning*: one that leads on by an earlier
answer; *card*: what to say where they object.
*Review*: a lead's look at a call that was chosen for it, with a verdict. *Sign*: what calls show
that were not made as noted, with its figures; two strong ones pause a caller. *Trust*: a caller's
standing over all phonebanks.
*Training*: three *exercises* (made-up calls of the practice phonebank, with a coach) and a quiz;
each caller has one attempt of each version. *Promises*: what a caller agrees to before the first
call, in versions. *Newcomer*: somebody who has noted few real calls so far, and sees fewer numbers
in an hour.
*Reversal*: a lead takes back what a caller did since a moment. *Undo*: a caller takes back their
own last report. *Held report*: what somebody whose calling was stopped still says of a call.
*Household*: people who live together, as far as a list tells; known by a keyed hash alone.
*Shift*: a session as one of its people knows it. *Line*: what a lead puts on every caller's screen;
*word*: that with all else a lead says to one of them. *Knock*: asking to be let into a session that
runs. *Pair*: a newcomer and who sits with them. *Quiet*: who has done nothing for five minutes.
"""
