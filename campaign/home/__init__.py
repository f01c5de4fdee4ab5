"""The front page and "me", composed from the queries of the rooms beneath.

Glossary. *Front page*: what a visitor sees first. *Me*: what a signed-in person has to do next.
"""
