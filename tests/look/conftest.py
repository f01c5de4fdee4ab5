"""A browser at the sample site, where a Chromium is at hand."""

import logging
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from tests.look.site import sample_app


@pytest.fixture(scope="module")
def sample_address() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, sample_app(), threaded=True)
    walk = threading.Thread(target=server.serve_forever, daemon=True)
    walk.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    walk.join()
    server.server_close()
