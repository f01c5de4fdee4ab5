"""Dashboards, plots and exports; reads only.

Glossary. *Figure*: a sentence with a number in it, a plot and its table. *Funnel*: calls, reached,
conversations, asked, said yes, came (``phonebanks.rules.funnel``). *Pace*: calls a day, or of one
caller in an hour. *Outlook*: what the pace foretells, as a range. *Sheet*: the sums of a large
phonebank as the worker counted them last. *Kept promise*: a planned session that was held.
"""
