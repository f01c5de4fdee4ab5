"""What may go wrong on a night of calling, made to happen: `make faults`.

Each fault runs a real server in processes of its own on a scratch database, on SQLite and on
PostgreSQL, and ends with a count. They take minutes, so no test run includes them.
"""
