"""Dashboards, plots and exports; reads only.

Glossary. *Figure*: a sentence with a number in it. *Funnel*: attempts, reached, conversations,
asked, said yes. *Kept promise*: a planned session that was held.
"""
