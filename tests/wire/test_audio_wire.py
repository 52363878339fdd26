"""The loudspeaker: fed without waiting, started again when its player dies, or a file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware.runtime.inbox import Inbox
from firmware.wire.base import FromWire, WireError, WireLost, WireOpened
from firmware.wire.open import open_wire
from sim.testing import PATIENCE_S

Closing = Callable[[Any], Any]


@pytest.fixture
def speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``aplay`` that writes its command line and everything it plays into a pipe, and dies at the word DIE."""
    out = tmp_path / "heard"
    os.mkfifo(out)
    program = tmp_path / "aplay"
    program.write_text(
        f'#!/usr/bin/env python3\nimport os, sys\nout = os.open("{out}", os.O_WRONLY)\n'
        'os.write(out, " ".join(sys.argv[1:]).encode() + b"\\n")\n'
        'while data := os.read(0, 65536):\n    os.write(out, data)\n    if b"DIE" in data: os._exit(1)\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return out


def take(inbox: Inbox[FromWire]) -> FromWire | None:
    """The next thing the wire posts."""
    return inbox.take(int(PATIENCE_S * 1_000))


def test_speech_reaches_aplay_as_raw_pcm_and_a_dead_player_is_replaced(speaker: Path, closing: Closing) -> None:
    """Format and device are as documented; after a crash the next announcement is heard, the old one is not repeated."""
    inbox: Inbox[FromWire] = Inbox()
    wire = closing(open_wire("audio:aplay?device=plughw:1", inbox.post))
    for announcement in (b"\x01\x02" * 40_000, b"second"):
        assert take(inbox) == WireOpened()
        with speaker.open("rb") as heard:
            assert heard.readline() == b"-q -D plughw:1 -t raw -f S16_LE -r 16000 -c 1 -\n"
            wire.write(announcement)
            assert heard.read(len(announcement)) == announcement
            wire.write(b"DIE")
            assert heard.read() == b"DIE"
        assert isinstance(take(inbox), WireLost)


def test_without_aplay_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A display node without ALSA is told at its start."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WireError, match="install alsa-utils, or use audio:file:/path"):
        open_wire("audio:aplay", lambda _: None)


def test_a_file_gets_every_sample_appended(tmp_path: Path) -> None:
    """Raw PCM, at once, and a second life goes on at the end."""
    path = tmp_path / "voice.pcm"
    posted: list[FromWire] = []
    for part in (b"\x01\x00", b"\x02\x00"):
        wire = open_wire(f"audio:file:{path}", posted.append)
        wire.write(part)
        wire.write(part)
        assert path.read_bytes().endswith(part + part)
        wire.close()
    assert path.read_bytes() == b"\x01\x00\x01\x00\x02\x00\x02\x00"
    assert posted == [WireOpened(), WireOpened()]


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    """The error names the URL and the reason."""
    with pytest.raises(WireError, match=r"absent/voice\.pcm cannot be opened: No such file"):
        open_wire(f"audio:file:{tmp_path}/absent/voice.pcm", lambda _: None)
