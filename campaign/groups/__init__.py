"""Local groups and hubs, and who belongs to them.

Glossary. *Group*: a local group, branch or hub, with a place and members. *Convenor*: who runs
it. *Organiser*: who may act for it. *Membership*: a person's own joining, with its date. *Area*:
where its people live, as outcodes or as a circle. *Asking*: a wish to join a group that looks at
whoever comes. *Handing over*: making a member convenor and leaving, in one. *Note*: what a group
wrote down, with every version of it.
"""
