"""Events, shifts, sign-ups, the open map and its feeds.

Glossary. *Event*: anything with a date. *Host*: whose event it is; *team*: who
looks after it with the host (*co-host*, *steward*, *data keeper*, *safeguarding contact*), each by
their own yes; *hostless*: its host went and nobody has followed yet. *Shift*: a dated slot of an
event with its own capacity. *RSVP*: a person's sign-up. *Roster*: the RSVPs of an event or a
shift, with attendance. *Waiting list*, *line*: RSVPs beyond the capacity, in the order they came,
one for the whole event. *Offer*: a place that is held for who is next in line, until a moment.
*Policy*: whether a larger party holds up the line (``strict``) or smaller ones may pass it
(``best-fit``).
*Template*: what is proposed for a kind of event (length, text, what to bring, roles, safety notes);
*briefing*: what of it who runs an event reads.
*Listed*: found on the map and in lists; *unlisted*: live for whoever has the link.
*Almanac*: what lists and maps choose by, kept in each process. *Turn*: when an event was last
written. *Priority*: how much a group's area counts just now, from 0 to 9.
*Door*: where a host notes who came; *tap*: one touch of a button there; *count*: who came in less
who went out. *Host link*: a secret link to the host's page; *ticket*: the code that checks one
sign-up in. *Sheet*: the roster on paper.
*Planned*: made at a meeting; a *promise* is what was planned, kept where it took place.
*Call sheet*: who comes and how to reach them, on paper.
"""
