"""The halls that ship with the project, by name."""

from datetime import timedelta, timezone
from importlib.resources import files

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The halls' time zone; it has no summer time."""


def config_text(name: str) -> str:
    """The hall.toml of a hall that ships with the project: ``demo-hall`` or ``demo-small``."""
    return files("broker").joinpath("halls", f"{name}.toml").read_text(encoding="utf-8")
