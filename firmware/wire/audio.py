"""The loudspeaker: raw PCM, 16 kHz, one channel, 16 bits little-endian.

``audio:aplay`` or ``audio:aplay?device=plughw:1`` plays it through ALSA; ``audio:file:/path`` appends it to a file.
"""

import os
import shutil
import subprocess
from pathlib import Path

from firmware.wire.base import Post, WireError, WireOpened
from firmware.wire.stream import Stream, StreamWire

RATE = 16_000


class AplayWire(StreamWire):
    """An ``aplay`` process, fed through a pipe and started again when it dies; what it had not played is gone then."""

    def __init__(self, post: Post, *, device: str = "default") -> None:
        program = shutil.which("aplay")
        if program is None:
            raise WireError("audio:aplay needs the program aplay: install alsa-utils, or use audio:file:/path")
        command = [program, "-q", "-D", device, "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-"]
        super().__init__(lambda: _Player(command), post, name="aplay", reads=False)


class _Player(Stream):
    """The pipe into a player process."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 -- fixed program, checked options
        assert self._process.stdin is not None
        self._pipe = self._process.stdin
        os.set_blocking(self._pipe.fileno(), False)

    def fileno(self) -> int:
        return self._pipe.fileno()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._pipe.close()


class FileWire:
    """Appends everything to a file, without any header."""

    def __init__(self, path: str, post: Post) -> None:
        try:
            self._file = Path(path).open("ab", buffering=0)  # noqa: SIM115 -- open as long as the wire is
        except OSError as error:
            raise WireError(f"audio:file:{path} cannot be opened: {error.strerror}") from error
        post(WireOpened())

    def write(self, data: bytes) -> None:
        """See :class:`firmware.wire.base.Wire`."""
        self._file.write(data)

    def set(self, pin: int, *, active: bool) -> None:
        """A loudspeaker has no pins."""
        raise WireError(f"a loudspeaker has no pin {pin} to set {'on' if active else 'off'}")

    def close(self) -> None:
        """See :class:`firmware.wire.base.Wire`."""
        self._file.close()
