"""What every room stands on and no domain: settings, database, clock, web, audit, outbox.

Glossary. *Unit of work*: one transaction with its audit rows and outgoing messages.
*Outbox*: messages written in the transaction and delivered after it. *Seal*: the hash that
chains a run of audit rows to the rows before. *Refusal*: an expected "no" with a sentence.
"""
