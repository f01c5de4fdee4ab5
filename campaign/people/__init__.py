"""Persons, accounts, sign-in, roles and do-not-contact.

Glossary. *Person*: somebody we hold something on, with or without an account. *Role*: a standing
for the whole installation. *Sign-in link*: a mailed key, ten minutes, one use. *Sign-in session*:
a device that is signed in. *Suppression*: do-not-contact, for a number, kept as a keyed hash.
"""
