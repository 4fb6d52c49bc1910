"""Show the built site on this machine: ``python -m tools.serve``, on another port ``python -m tools.serve 8080``."""

import argparse
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_HOST = "127.0.0.1"
_LAST = 65535


class _Server(ThreadingHTTPServer):
    # On Windows this option lets two servers listen on one port.
    allow_reuse_address = sys.platform != "win32"


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of ``folder`` that listens on ``port`` of this machine; 0 takes any free port.

    Raises
    ------
    OSError
        If the port cannot be had; the message names the next free one.
    """
    try:
        return _listening(folder, port)
    except OSError as error:
        free = _next_free(folder, port)
        other = f"; {free} is free: make serve PORT={free}, or python -m tools.serve {free}" if free else ""
        raise OSError(f"port {port} cannot be had ({error.strerror}){other}") from error


def _listening(folder: Path, port: int) -> ThreadingHTTPServer:
    return _Server((_HOST, port), partial(SimpleHTTPRequestHandler, directory=folder))


def _next_free(folder: Path, port: int) -> int | None:
    # Ports below 1024 are the system's.
    for other in range(max(port, 1023) + 1, _LAST + 1):
        try:
            _listening(folder, other).server_close()
        except OSError:
            continue
        return other
    return None


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= _LAST:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {_LAST}; got {text}")


def main() -> None:
    """Serve until Ctrl-C."""
    options = argparse.ArgumentParser(prog="python -m tools.serve", description="Show the built site on this machine.")
    options.add_argument("port", nargs="?", type=_port, default=8000)
    port = options.parse_args().port
    folder = Path("_build", "html").resolve()
    if not (folder / "index.html").is_file():
        sys.exit("the site is not built: run `make book` first, or `jupyter-book build .`")
    try:
        server = open_server(folder, port)
    except OSError as error:
        sys.exit(str(error))
    with server:
        print(f"The site is on http://{_HOST}:{server.server_port} (stop with Ctrl-C).", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
