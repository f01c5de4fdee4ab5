"""Reports of behaviour, cases, moderation decisions and blocks.

Glossary. *Report*: what somebody tells us about an event, a group, a message or a person.
*Case*: a report being looked at. *Decision*: what a moderator did, with its public reason.
"""
