"""Reads the QR codes on papers with zbarimg, as somebody's telephone would."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from sim.devices.paper import Paper

PROGRAM = shutil.which("zbarimg")


def read_code(paper: Paper) -> str:
    """What the code on a whole paper says; empty where there is none, it cannot be read, or zbarimg is not installed."""
    if PROGRAM is None or not paper.complete:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "paper.png"
        paper.image.save(picture)
        done = subprocess.run(  # noqa: S603 -- ours
            [PROGRAM, "--quiet", "--raw", "--nodbus", str(picture)], capture_output=True, text=True, check=False
        )
    return done.stdout.strip()
