"""TCP ports of this machine: finding a free one, and whether a PostgreSQL serves one."""

import socket
import struct
import sys


def postgres_answers(port: int) -> bool:
    """Whether a PostgreSQL serves connections there: it answers the question for TLS with one letter."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(struct.pack("!II", 8, 80877103))
            return connection.recv(1) in {b"N", b"S"}
    except OSError:
        return False


def free_port(wanted: int) -> int:
    """The wanted port if nobody listens on it (a URL that stays the same is kind to people), else any free one."""
    if wanted and is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on a port now."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # as the server does; on Windows the option would mean taking a port from its owner
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
