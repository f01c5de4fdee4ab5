"""The rooms beneath tell phonebanks what happens, as they do in the running application."""

import pytest

from campaign import registry


@pytest.fixture(autouse=True)
def _subscribed() -> None:
    registry.subscribe()
