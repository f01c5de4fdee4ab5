"""Events, shifts, sign-ups, the open map and its feeds.

Glossary. *Event*: anything with a date. *Host*: whose event it is. *Shift*: a dated slot of an
event with its own capacity. *RSVP*: a person's sign-up. *Roster*: the RSVPs of an event or a
shift, with attendance. *Waiting list*: RSVPs beyond the capacity, in the order they came.
*Listed*: found on the map and in lists; *unlisted*: live for whoever has the link.
*Almanac*: what lists and maps choose by, kept in each process. *Turn*: when an event was last
written. *Priority*: how much a group's area counts just now, from 0 to 9.
"""
