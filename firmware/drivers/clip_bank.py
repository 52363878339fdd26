"""The clips a voice is put together from: syllables, letters and fixed sentences. ``deploy/make_clips.py`` builds them."""

import hashlib
import json
import wave
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import IO

from contracts.values import Ms

RATE = 16_000
"""Samples a second, one channel, 16 bits little-endian: what an ``audio:`` wire takes."""
BYTES_PER_MS = RATE * 2 // 1000
CHIME = "chime"


class ClipError(ValueError):
    """The clip bank is damaged or lacks a clip; says which."""


@dataclass(frozen=True, slots=True)
class ClipBank:
    """PCM by name; the name of a clip is what it says."""

    clips: Mapping[str, bytes]

    @classmethod
    def load(cls, bank: Traversable | None = None) -> "ClipBank":
        """The bank in this file, or the one that ships with the firmware; :class:`ClipError` if a byte of it is wrong."""
        with (bank or files("firmware.drivers").joinpath("clips.zip")).open("rb") as file:
            return cls(_read(file))

    @property
    def names(self) -> frozenset[str]:
        """Everything this bank can say."""
        return frozenset(self.clips)

    def pcm(self, names: Iterable[str], gap: Ms) -> bytes:
        """These clips one after the other, ``gap`` of silence between them. :class:`ClipError` names one that is missing."""
        silence = bytes(gap * BYTES_PER_MS)
        try:
            return silence.join(self.clips[name] for name in names)
        except KeyError as missing:
            raise ClipError(f"there is no clip {missing.args[0]!r}") from None


def duration(pcm: bytes) -> Ms:
    """How long this sounds, rounded up."""
    return -(-len(pcm) // BYTES_PER_MS)


def _read(file: IO[bytes]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(file) as bank:
            index = json.loads(bank.read("index.json"))
            if index["rate"] != RATE:
                raise ClipError(f"the clip bank has {index['rate']} Hz, {RATE} are needed")
            return {name: _clip(bank, name, entry["file"], entry["sha256"]) for name, entry in index["clips"].items()}
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, wave.Error, EOFError) as error:
        raise ClipError(f"the clip bank cannot be read: {error}") from error


def _clip(bank: zipfile.ZipFile, name: str, file: str, sha256: str) -> bytes:
    with bank.open(file) as entry, wave.open(entry) as clip:
        pcm: bytes = clip.readframes(clip.getnframes())
    if hashlib.sha256(pcm).hexdigest() != sha256:
        raise ClipError(f"clip {name!r} is damaged: build the bank again")
    return pcm
