"""node.toml is read strictly, and every refusal says where, what and what instead."""

from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, field

from firmware.runtime.settings import MqttConfig, NodeConfig, SettingsError, load, parse

BASE = 'hall = "demo"\nnode = "TM-01"\ndata_dir = "data"\n'
FILE = Path("node.toml")


class Wires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A section of a room."""

    printer: str
    pin: Annotated[int, Meta(ge=0, le=27)] = 5


class RoomConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A room with every shape of key a room may have."""

    wires: Wires
    keys: dict[str, Wires] = field(default_factory=dict)
    buses: tuple[Wires, ...] = ()
    pins: tuple[int, ...] = ()
    spare: Wires | None = None


WIRES = '[wires]\nprinter = "serial:/dev/ttyUSB0"\n'


def test_a_complete_file_gives_the_whole_configuration() -> None:
    """Every value arrives typed; what is left out has its default."""
    config = parse(BASE + WIRES + "pin = 17\n[mqtt]\nport = 8883\n", FILE, RoomConfig)
    assert config == RoomConfig(
        hall=config.hall,
        node=config.node,
        data_dir="data",
        wires=Wires(printer="serial:/dev/ttyUSB0", pin=17),
        mqtt=MqttConfig(port=8883),
    )
    assert (config.hall, config.node, config.log_level) == ("demo", "TM-01", "info")


@pytest.mark.parametrize(
    ("text", "section", "key", "said"),
    [
        (BASE + WIRES + "pim = 3\n", "wires", "pim", "unknown key (its value is 3); did you mean pin?"),
        (BASE + 'nod = "x"\n' + WIRES, "", "nod", "did you mean node?"),
        (BASE + WIRES + "[mqtt]\nhots = 'x'\n", "mqtt", "hots", "did you mean host?"),
        (BASE + "[wires]\npin = 3\n", "wires", "printer", "missing; it accepts a text in quotes"),
        (BASE, "", "wires", "missing; it accepts a section with printer, pin"),
        (BASE + WIRES + "pin = 99\n", "wires", "pin", "99 was given, accepted is a whole number, at least 0, at most 27"),
        (BASE + WIRES + 'pin = "3"\n', "wires", "pin", '"3" was given, accepted is a whole number'),
        (BASE + WIRES + "pin = true\n", "wires", "pin", "True was given"),
        (BASE + WIRES + "[mqtt]\nport = 0\n", "mqtt", "port", "at least 1, at most 65535"),
        (BASE + 'log_level = "loud"\n' + WIRES, "", "log_level", '"loud" was given, accepted is one of "debug", "info"'),
        (BASE.replace("TM-01", "a/b") + WIRES, "", "node", "letters, digits, - _ ."),
        (BASE.replace("demo", "#") + WIRES, "", "hall", "letters, digits, - _ ."),
        (BASE + WIRES + "[keys.A]\nprinter = 'x'\npin = 77\n", "keys.A", "pin", "77 was given"),
        (BASE + WIRES + "[keys.A]\nprinter = 'x'\npinn = 7\n", "keys.A", "pinn", "did you mean pin?"),
        (BASE + WIRES + "[[buses]]\nprinter = 'x'\n[[buses]]\npin = 1\n", "buses[1]", "printer", "missing"),
        (BASE + "pins = [1, 'two']\n" + WIRES, "", "pins", "accepted is a list of: a whole number"),
        (BASE + WIRES + "[spare]\nprinter = 3\n", "spare", "printer", "3 was given"),
        (BASE + "wires = 5\n", "", "wires", "5 was given, accepted is a section with printer, pin"),
    ],
)
def test_a_refusal_names_section_key_value_and_what_is_accepted(text: str, section: str, key: str, said: str) -> None:
    """A person can put the file right from the error alone."""
    with pytest.raises(SettingsError) as caught:
        parse(text, FILE, RoomConfig)
    error = caught.value
    assert (error.path, error.section, error.key) == (FILE, section, key)
    assert said in str(error)
    assert str(error).startswith(f"node.toml, section [{section}], key {key}: " if section else f"node.toml, key {key}: ")
    assert "\n" not in str(error)


def test_a_file_that_is_no_toml_is_refused_with_its_place() -> None:
    """A slip of the pen is found by line and column."""
    with pytest.raises(SettingsError, match=r"node\.toml: not TOML: .*line 1, column"):
        parse("hall = \n", FILE, RoomConfig)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The error names the file that was looked for."""
    with pytest.raises(SettingsError, match=r"absent\.toml: cannot be read: No such file"):
        load(tmp_path / "absent.toml", RoomConfig)


def test_a_folder_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    """No traceback for a wrong path."""
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, RoomConfig)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file saved as GBK by a Chinese Windows editor is named as such a thing."""
    path = tmp_path / "node.toml"
    path.write_bytes('hall = "大厅"'.encode("gbk"))
    with pytest.raises(SettingsError, match="not UTF-8 at byte 8; save the file as UTF-8"):
        load(path, RoomConfig)


def test_a_file_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    """Where a file was edited does not matter."""
    path = tmp_path / "node.toml"
    path.write_bytes((BASE + WIRES).replace("\n", "\r\n").encode())
    assert load(path, RoomConfig).wires.printer == "serial:/dev/ttyUSB0"


@given(st.text())
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    """There are two outcomes: a configuration or a SettingsError."""
    with pytest.raises(SettingsError):
        parse(text, FILE, RoomConfig)


@given(
    st.dictionaries(
        st.sampled_from(["hall", "node", "data_dir", "wires", "mqtt", "keys"]), st.one_of(st.integers(), st.text())
    )
)
def test_no_value_whatever_breaks_the_reader(values: dict[str, int | str]) -> None:
    """The same with keys we know: wrong values end in a SettingsError, never in another error."""
    text = "".join(f"{key} = {value if isinstance(value, int) else chr(34) * 2}\n" for key, value in values.items())
    with pytest.raises(SettingsError):
        parse(text, FILE, RoomConfig)
