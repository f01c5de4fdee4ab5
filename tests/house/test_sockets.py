"""No test reaches another machine: the guard of conftest holds."""

import socket

import pytest

from tests.conftest import OutsideWorld


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org", "0.0.0.0"])
def test_another_machine_is_out_of_reach(address: str) -> None:
    with socket.socket() as outside, pytest.raises(OutsideWorld):
        outside.connect((address, 80))


def test_another_machine_is_out_of_reach_by_the_new_protocol_too() -> None:
    with socket.socket(socket.AF_INET6) as outside, pytest.raises(OutsideWorld):
        outside.connect_ex(("2001:db8::1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=2).close()
