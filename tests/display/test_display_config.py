"""A display's node.toml: what it accepts, what it refuses, and which ports come of it."""

from pathlib import Path

import pytest

from display.config import DisplayConfig
from firmware.runtime.settings import SettingsError, parse

HEAD = 'hall = "yongan"\nnode = "LED-00"\ndata_dir = "data"\n'
TWO_BUSES = '[wires.buses]\nrs485-1 = "serial:/dev/ttyUSB0?baud=57600"\nrs485-2 = "tcp:192.168.1.30:5005"\n'
PATH = Path("node.toml")


def test_buses_are_named_as_the_hall_names_them() -> None:
    """Loudspeaker and board are optional: a place may have signs only."""
    config = parse(HEAD + TWO_BUSES, PATH, DisplayConfig)
    assert list(config.wires.buses) == ["rs485-1", "rs485-2"]
    assert (config.wires.audio, config.wires.board) == ("", "")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEAD, "wires"),
        (HEAD + "[wires]\n", "buses"),
        (HEAD + "[wires]\nbuses = {}\n", "buses"),
        (HEAD + '[wires]\nbuses = "serial:/dev/ttyUSB0"\n', "buses"),
        (HEAD + "[wires.buses]\nrs485-1 = 3\n", "buses"),
        (HEAD + '[wires]\naudoi = "audio:aplay"\n' + TWO_BUSES, "did you mean audio"),
    ],
    ids=["no wires", "no buses", "empty", "not a table", "not a wire", "misspelt"],
)
def test_what_cannot_work_is_refused_with_its_place(text: str, complaint: str) -> None:
    """Nothing starts half configured."""
    with pytest.raises(SettingsError) as refused:
        parse(text, PATH, DisplayConfig)
    assert complaint in str(refused.value)
