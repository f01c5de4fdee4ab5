"""Contacting willing people in an area, through an organiser's approval.

Glossary. *Area message*: one message of a host to people near an event. *Approval*: an
organiser's yes to it. *Reach*: how far a person said they may be asked to come.
"""
