"""Where things are: postcodes, place names, council areas, distance, blur and the base map.

Glossary. *Unit*: a full postcode ("BN1 1AA"). *Sector*: the part before its last two letters
("BN1 1"), the fallback when a unit is unknown. *Place*: a town or village by name. *Spot*: what
a search resolves to, with its precision. *Cell*: the fixed 1 km square that stands for a home.
"""
