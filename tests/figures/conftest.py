"""The phonebanks of the cast, as the tests of calling know them."""

from tests.phonebanks.conftest import made, noon

__all__ = ["made", "noon"]
