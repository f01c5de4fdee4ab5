"""What no test is about and each would make anew: kept from the first test for all that follow.

An application and a database are fresh for each test, and with them come the ways of building
addresses, the compiled templates and the compiled statements: the same thousands of times, and
more work than most tests themselves. A server makes them once and serves a million requests with
them; so do the tests of one process. What is kept depends on nothing but what it was made from,
which is its key.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from campaign.foundation.database import Base, Database

# As many statements as the tests of a process ask, and a few more; an engine's own are 500.
MOST_STATEMENTS = 4000


class Templates(BytecodeCache):
    """The compiled templates of this process."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same source in the same manner."""
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        self._kept[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[Any, ...]:
        of = bucket.environment
        escaping = getattr(of.autoescape, "__qualname__", of.autoescape)
        manner = (of.trim_blocks, of.lstrip_blocks, escaping, tuple(sorted(of.extensions)))
        return (bucket.key, bucket.checksum, *manner)


def keep_templates() -> None:
    """Let every environment of this process share its compiled templates."""
    kept, begin = Templates(), Environment.__init__

    def beginning(self: Environment, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self.bytecode_cache = self.bytecode_cache or kept

    Environment.__init__ = beginning  # type: ignore[method-assign]


def keep_addresses() -> None:
    """Let the applications of this process share how an address is built from its rule."""
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}
    build = Rule._compile_builder

    def building(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        told = tuple(sorted((self.defaults or {}).items()))
        kinds = tuple((name, type(kind)) for name, kind in sorted(self._converters.items()))
        key = (self.rule, tuple(self._trace), told, kinds, append_unknown)
        if key not in kept:
            kept[key] = build(self, append_unknown)
        return kept[key]

    Rule._compile_builder = building  # type: ignore[method-assign]


class Statements:
    """The compiled statements of each kind of database, whichever of them asks.

    SQLAlchemy keeps them by an engine's dialect, which is another for each database.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)

    def get(self, key: tuple[Any, ...]) -> Any:
        """What was compiled for any database of this kind."""
        return self._kept.get((key[0].name, *key[1:]))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[(key[0].name, *key[1:])] = compiled


_statements: Any = Statements()


def keep_statements(database: Database) -> Database:
    """Let this database share its compiled statements with those of its kind before and after."""
    for engine in vars(database).values():
        if isinstance(engine, Engine):
            engine._compiled_cache = _statements
    for mapper in Base.registry.mappers:
        mapper._compiled_cache = _statements  # those of inserts and updates lie with their table
    return database
