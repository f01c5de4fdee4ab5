"""The phonebanks of the cast, as the tests of calling know them."""

from tests.phonebanks.conftest import made

__all__ = ["made"]
