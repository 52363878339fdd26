"""The ``hallsim`` pin factory: a node that runs with ``GPIOZERO_PIN_FACTORY=hallsim`` has its pins on a UNIX socket.

The node serves the socket named by ``HALLSIM_GPIO``; any number of simulators connect, and come back after either side was
restarted. Both sides speak one JSON object per line:

    node -> simulator   {"pin": 17, "function": "output", "level": 1}     on connecting for every pin in use, then on change
    simulator -> node   {"pin": 5, "drive": 0}                            puts a level on an input
    node -> simulator   {"error": "pin 99 is not in use by this node"}    nothing was driven

This file is loaded inside the firmware's process, so it imports nothing of ours and reads no clock. A level is electrical.
"""

import contextlib
import json
import os
import selectors
import socket
import threading
from typing import Any

from gpiozero import BadPinFactory
from gpiozero.pins.mock import MockFactory, MockPin

SOCKET_VARIABLE = "HALLSIM_GPIO"
_LONGEST_LINE = 4096


class SocketPin(MockPin):  # type: ignore[misc] # gpiozero ships no types
    """A pin whose every change is told to the simulators."""

    def _change_state(self, value: bool) -> bool:  # noqa: FBT001 - MockPin's signature
        has_changed: bool = super()._change_state(value)
        if has_changed:
            self.factory.tell(self)
        return has_changed

    def _set_function(self, value: str) -> None:
        super()._set_function(value)
        self.factory.tell(self)


class SocketFactory(MockFactory):  # type: ignore[misc] # gpiozero ships no types
    """gpiozero's pins, driven and seen over the socket named by ``HALLSIM_GPIO``."""

    def __init__(self) -> None:
        super().__init__(pin_class=SocketPin)
        path = os.environ.get(SOCKET_VARIABLE)
        if not path:
            raise BadPinFactory(f"the hallsim pin factory needs {SOCKET_VARIABLE}, the path of a UNIX socket to serve")
        self._server = _Server(path, self)

    def tell(self, pin: SocketPin) -> None:
        """Let every simulator know how a pin is now."""
        self._server.tell(_seen(pin))

    def drive(self, number: int, level: int) -> str | None:
        """Put a level on an input; returns why not, if not. Edge callbacks run before this returns."""
        pin = next((pin for pin in list(self.pins.values()) if _number(pin) == number), None)
        if pin is None:
            return f"pin {number} is not in use by this node"
        if pin.function != "input":
            return f"pin {number} is an output of this node and cannot be driven"
        (pin.drive_high if level else pin.drive_low)()
        return None

    def in_use(self) -> list[dict[str, Any]]:
        """Every pin the node has taken."""
        return [_seen(pin) for pin in list(self.pins.values())]

    def close(self) -> None:
        """Stop serving and give the pins back."""
        self._server.close()
        super().close()


def _number(pin: SocketPin) -> int:
    """The BCM number of a pin."""
    return int(str(pin.info.name).removeprefix("GPIO"))


def _seen(pin: SocketPin) -> dict[str, Any]:
    return {"pin": _number(pin), "function": pin.function, "level": int(pin.state)}


class _Server:
    """The socket and the thread behind it: accepts simulators, reads what they drive, tells them what changes."""

    def __init__(self, path: str, factory: SocketFactory) -> None:
        self._path = path
        self._factory = factory
        self._lock = threading.Lock()
        self._unread: dict[socket.socket, bytes] = {}
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 - pathlib would be the one import more in every node
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(path)
        self._listening.listen()
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="hallsim-gpio", daemon=True)
        self._thread.start()

    def tell(self, what: dict[str, Any]) -> None:
        """Send one line to every simulator; one that does not read is let go."""
        line = json.dumps(what).encode() + b"\n"
        with self._lock:
            for client in list(self._unread):
                self._send(client, line)

    def close(self) -> None:
        """Stop the thread and remove the socket."""
        if self._thread.is_alive():
            self._waker.send(b"x")
            self._thread.join()
        for sock in (self._listening, self._waker, self._wakened, *self._unread):
            sock.close()
        self._unread.clear()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)  # noqa: PTH108 - as above

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._wakened, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._wakened:
                        return
                    if key.fileobj is self._listening:
                        self._accept(selector)
                    else:
                        self._read(selector, key.fileobj)  # type: ignore[arg-type] # only sockets are registered

    def _accept(self, selector: selectors.BaseSelector) -> None:
        client, _ = self._listening.accept()
        client.setblocking(False)  # noqa: FBT003 - the standard library's signature
        selector.register(client, selectors.EVENT_READ)
        with self._lock:
            self._unread[client] = b""
            for pin in self._factory.in_use():
                self._send(client, json.dumps(pin).encode() + b"\n")

    def _read(self, selector: selectors.BaseSelector, client: socket.socket) -> None:
        try:
            data = client.recv(_LONGEST_LINE)
        except OSError:
            data = b""
        *lines, rest = (self._unread.get(client, b"") + data).split(b"\n")
        if not data or len(rest) > _LONGEST_LINE:
            selector.unregister(client)
            with self._lock:
                self._unread.pop(client, None)
            client.close()
            return
        self._unread[client] = rest
        for line in lines:
            if (why := self._obey(line)) is not None:
                with self._lock:
                    self._send(client, json.dumps({"error": why}).encode() + b"\n")

    def _obey(self, line: bytes) -> str | None:
        try:
            wish = json.loads(line)
            number, level = wish["pin"], wish["drive"]
        except (ValueError, TypeError, KeyError):
            return f"not understood: {line[:80]!r}"
        if type(number) is not int or level not in (0, 1):
            return f"not understood: {line[:80]!r}"
        return self._factory.drive(number, level)

    def _send(self, client: socket.socket, line: bytes) -> None:
        """Send without waiting; the reading side notices a shut-down socket and lets it go."""
        try:
            client.send(line)
        except OSError:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
