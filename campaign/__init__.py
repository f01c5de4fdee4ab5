"""Campaign: an organising toolkit for movements.

The map of the house. A room is a domain; every room has the same furniture (rules, models,
queries, messages, adapters, operations, access, forms, routes, tasks), and the staircase goes
one way, low to high:

foundation   settings, database, clock, web, audit, outbox: knows no domain
places       postcodes, gazetteer, distance, blur, the base map; the only importer of folium
people       persons, accounts, sign-in, roles, do-not-contact
conduct      reports of behaviour, moderation
groups       local groups and their members
events       events, shifts, sign-ups, the map and its feeds
outreach     contacting people in an area
phonebanks   call lists, the dispenser, the calling screen, outcomes, lawful calling
meetups      the live room: batches, breakouts, sheets, cards
figures      dashboards and exports: reads only
home         the front page and "me": composed from others' queries
registry     the ordered list of domains
app          the only assembler
commands     the ``campaign`` command line
"""
