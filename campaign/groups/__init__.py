"""Local groups and hubs, and who belongs to them.

Glossary. *Group*: a local group, branch or hub, with a place and members. *Convenor*: who runs
it. *Organiser*: who may act for it. *Membership*: a person's own joining, with its date.
"""
