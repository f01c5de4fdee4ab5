"""Reports of behaviour and content, cases, moderation decisions, and who keeps apart.

Glossary. *Report*: what somebody tells us about an event, a group, a message or a person; looked
at, it is a *case*. *Return code*: opens one report to who made it, and nothing else. *Subject*:
what a report is about, as its kind and public id; the room that owns it says who stands behind it
(*Behind*). *Decision*: what a moderator did, with its public *reason*; all of them are the
*moderation log*. *Interim action*: what is done before deciding. *Barred*: may not announce
events or run anything, and can still sign in. *No-contact pair*: two people who are never put
together. *Appeal*: the host asks for a second look.
"""
