"""From the URL in node.toml to the wire. Another URL is all it takes to put a simulated device at the other end."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from firmware.wire.base import Post, Wire, WireError

Options = dict[str, str]


def open_wire(url: str, post: Post) -> Wire:
    """The wire this URL means; it posts what it brings.

    A device that is merely absent is no error: ``WireLost`` is posted and opening is tried again. Raises :class:`WireError`
    for what will never work: an unknown kind of wire, a wrong option, a missing library, a pin used twice.
    """
    scheme, colon, rest = url.partition(":")
    opener = _OPENERS.get(scheme) if colon else None
    if opener is None:
        raise WireError(f'"{url}" is no wire; accepted are {", ".join(_EXAMPLES)}')
    place, _, query = rest.partition("?")
    try:
        return opener(place, dict(parse_qsl(query, keep_blank_values=True)), post)
    except WireError as error:
        raise WireError(f'wire "{url}": {error}') from error


def _serial(place: str, options: Options, post: Post) -> Wire:
    from firmware.wire.serial import DEFAULT_BAUD, SerialWire  # noqa: PLC0415 -- a node loads only the wires it uses

    _accept(options, "baud", "parity")
    if not place:
        raise WireError("the path of the device is missing, as in serial:/dev/ttyUSB0?baud=9600")
    baud = _number("baud", options.get("baud", str(DEFAULT_BAUD)))
    return SerialWire(place, post, baud=baud, parity=options.get("parity", "N"))


def _tcp(place: str, options: Options, post: Post) -> Wire:
    from firmware.wire.tcp import TcpWire  # noqa: PLC0415 -- as above

    _accept(options)
    host, _, port = place.rpartition(":")
    if not host:
        raise WireError("host and port are needed, as in tcp:192.168.1.30:9100")
    return TcpWire(host.strip("[]"), _number("port", port, at_most=65_535), post)


def _gpio(place: str, options: Options, post: Post) -> Wire:
    from firmware.wire.gpio import GpioWire  # noqa: PLC0415 -- as above

    _accept(options, "in", "out")
    if place:
        raise WireError(f'"{place}" is not understood; pins are given as gpio:?in=5,6&out=17')
    return GpioWire(post, inputs=_pins(options.get("in", "")), outputs=_pins(options.get("out", "")))


def _audio(place: str, options: Options, post: Post) -> Wire:
    from firmware.wire.audio import AplayWire, FileWire  # noqa: PLC0415 -- as above

    kind, _, path = place.partition(":")
    if kind == "aplay" and not path:
        _accept(options, "device")
        return AplayWire(post, device=options.get("device", "default"))
    _accept(options)
    if kind == "file" and path:
        return FileWire(path, post)
    raise WireError("accepted are audio:aplay and audio:file:/path")


_OPENERS: dict[str, Callable[[str, Options, Post], Wire]] = {"serial": _serial, "tcp": _tcp, "gpio": _gpio, "audio": _audio}
_EXAMPLES = ("serial:/dev/ttyUSB0?baud=9600", "tcp:host:port", "gpio:", "audio:aplay", "audio:file:/path")


def _accept(options: Options, *known: str) -> None:
    for name in options:
        if name not in known:
            import difflib  # noqa: PLC0415 -- 0.4 MiB that only a mistake is worth

            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            guess = f"; did you mean {close[0]}?" if close else ""
            raise WireError(f"unknown option {name}{guess} Accepted are: {', '.join(known) or 'none'}")


def _number(name: str, text: str, *, at_most: int = 10_000_000) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= at_most):
        raise WireError(f'{name}: "{text}" is not a whole number from 1 to {at_most}')
    return int(text)


def _pins(text: str) -> list[int]:
    names = [name.strip() for name in text.split(",")] if text else []
    for name in names:
        if not (name.isascii() and name.isdigit()):
            raise WireError(f'pin "{name}" is not a BCM number')
    return [int(name) for name in names]
