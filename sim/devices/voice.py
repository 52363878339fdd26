"""A loudspeaker that remembers: what was said from when to when, as samples, and, if it knows the clips, as syllables.

Bytes arrive at the speed at which they are spoken when ``paced`` (as from ``sim.wires.LOUDSPEAKER``): a piece that arrives
now has just been heard. Unpaced, a piece starts when it comes, and one that comes while another is still being spoken is an
overlap. Pieces with no silence between them are one utterance.
"""

import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.values import Ms
from sim.devices.base import Send

_BYTES_PER_SAMPLE = 2
_PROBE = 64
"""Bytes at the start of a clip by which it is looked for."""
_BREATH_MS = 20
"""A gap shorter than this is no silence: milliseconds are rounded on the way."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One announcement: 16-bit mono samples, little-endian."""

    start: Ms
    end: Ms
    pcm: bytes


class ClipIndex:
    """Finds known clips in samples, longest first. ``clips`` are samples by syllable."""

    def __init__(self, clips: Mapping[str, bytes]) -> None:
        self._by_start: dict[bytes, list[tuple[str, bytes]]] = {}
        for name, pcm in sorted(clips.items(), key=lambda clip: -len(clip[1])):
            if len(pcm) >= _PROBE:
                self._by_start.setdefault(pcm[:_PROBE], []).append((name, pcm))

    def read(self, pcm: bytes) -> list[str]:
        """The syllables in order; what is no clip, silence or a chime, is passed over."""
        found, at = [], 0
        while at < len(pcm):
            candidates = self._by_start.get(pcm[at : at + _PROBE], ())
            match = next(((name, clip) for name, clip in candidates if pcm.startswith(clip, at)), None)
            if match is None:
                at += _BYTES_PER_SAMPLE
            else:
                found.append(match[0])
                at += len(match[1])
        return found


class VoiceRecorder:
    """A simulated loudspeaker, see the module."""

    def __init__(
        self, samples_per_second: int = 16_000, *, paced: bool = True, clips: Mapping[str, bytes] | None = None
    ) -> None:
        self.samples_per_second = samples_per_second
        self.wake_at: Ms | None = None
        self.history: list[Utterance] = []
        self.overlaps: list[Utterance] = []
        """Pieces that came while another was being spoken."""
        self._paced = paced
        self._clips = ClipIndex(clips or {})

    def connect(self, send: Send) -> None:
        """The wire is plugged in; a loudspeaker never answers."""

    def wake(self, now: Ms) -> None:
        """Nothing here waits."""

    def hear(self, data: bytes, now: Ms) -> None:
        """Record a piece."""
        lasts = self.duration(data)
        piece = Utterance(now - lasts, now, data) if self._paced else Utterance(now, now + lasts, data)
        last = self.history[-1] if self.history else None
        if last is not None and piece.start < last.end - _BREATH_MS:
            self.overlaps.append(piece)
        if last is not None and abs(piece.start - last.end) < _BREATH_MS:
            pcm = last.pcm + data
            self.history[-1] = Utterance(last.start, last.start + self.duration(pcm), pcm)
        else:
            self.history.append(piece)

    def duration(self, pcm: bytes) -> Ms:
        """Milliseconds of so many samples."""
        return round(len(pcm) * 1000 / (_BYTES_PER_SAMPLE * self.samples_per_second))

    def said(self) -> list[list[str]]:
        """The syllables of each utterance, of the clips it knows."""
        return [self._clips.read(utterance.pcm) for utterance in self.history]

    def said_at(self, index: int) -> list[str]:
        """The syllables of one utterance of ``history``."""
        return self._clips.read(self.history[index].pcm)

    def write_wav(self, path: Path) -> None:
        """Write everything that was said to a WAV file, with the silences between."""
        frames = bytearray()
        origin = self.history[0].start if self.history else 0
        for utterance in self.history:
            at = (utterance.start - origin) * self.samples_per_second // 1000 * _BYTES_PER_SAMPLE
            frames.extend(bytes(max(0, at - len(frames))) + utterance.pcm)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(_BYTES_PER_SAMPLE)
            file.setframerate(self.samples_per_second)
            file.writeframes(bytes(frames))
