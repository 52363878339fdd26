"""A URL that means no wire is refused with what would."""

import pytest

from firmware.wire.base import WireError
from firmware.wire.open import open_wire


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "",
            '"" is no wire; accepted are serial:/dev/ttyUSB0?baud=9600, tcp:host:port, gpio:, audio:aplay, audio:file:/path',
        ),
        ("/dev/ttyUSB0", "is no wire; accepted are serial:/dev/ttyUSB0"),
        ("usb:1", "is no wire; accepted are"),
        ("serial:", "the path of the device is missing"),
        ("serial:/dev/null?baud=9601", "baud=9601 is no usual rate; accepted are"),
        ("serial:/dev/null?baud=fast", 'baud: "fast" is not a whole number'),
        ("serial:/dev/null?bauds=9600", "unknown option bauds; did you mean baud?"),
        ("serial:/dev/null?parity=X", "parity=X is not known; accepted are N, E, O"),
        ("tcp:printer", "host and port are needed, as in tcp:192.168.1.30:9100"),
        ("tcp:printer:0", 'port: "0" is not a whole number from 1 to 65535'),
        ("tcp:printer:9100?baud=9600", "unknown option baud"),
        ("audio:", "accepted are audio:aplay and audio:file:/path"),
        ("audio:file:", "accepted are audio:aplay and audio:file:/path"),
        ("audio:mp3", "accepted are audio:aplay and audio:file:/path"),
    ],
)
def test_what_is_no_wire_is_refused_with_what_is(url: str, said: str) -> None:
    """Every message can be acted on without reading the source."""
    with pytest.raises(WireError) as caught:
        open_wire(url, lambda _: None)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
