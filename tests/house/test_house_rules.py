"""The laws of the house that import-linter and ruff cannot state. Exceptions stand here, each with its reason."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("kiosk", "display", "counter", "rating_pad", "punch_clock")
PRODUCTION = ("contracts", "words", "firmware", *ROOMS, "broker")
PURE_MAY_NOT = {
    "paho",
    "sqlite3",
    "sqlite_utils",
    "time",
    "random",
    "os",
    "pathlib",
    "threading",
    "queue",
    "socket",
    "secrets",
    "subprocess",
}


def modules(*folders: str) -> list[Path]:
    """Every Python file below these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The top-level names a file imports, lazily or not."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def pure_files() -> list[Path]:
    """Rules, attendance, behaviours, views, phrases, layouts and drivers: the functional core."""
    behaviours = [path for path in modules(*ROOMS) if path.stem in {"behaviour", "layout", "views", "phrases"}]
    drivers = [path for path in modules("firmware/drivers") if path.parent.name == "drivers"]
    return [*modules("broker/rules", "broker/attendance"), *behaviours, *drivers]


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_is_pure(path: Path) -> None:
    """No clock, no file, no thread, no random source in rules, behaviours and drivers (design rule 2)."""
    allowed = {
        # Fonts and shipped clips are data of the package; they are read once, lazily, and never written.
        "firmware/drivers/raster_text.py": {"pathlib", "os"},
        "firmware/drivers/clips.py": {"pathlib"},
    }.get(str(path.relative_to(ROOT)), set())
    assert not (imports(path) & PURE_MAY_NOT) - allowed


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("paho", "firmware/runtime/link/connection.py"),
        ("gpiozero", "firmware/wire/gpio.py"),
        ("serial", "firmware/wire/serial.py"),
    ],
)
def test_a_library_is_imported_in_one_place(library: str, home: str) -> None:
    """Whoever replaces a library changes one file."""
    users = {str(path.relative_to(ROOT)) for path in modules(*PRODUCTION) if library in imports(path)}
    assert users == {home}


@pytest.mark.parametrize("path", modules(*PRODUCTION), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_production_line_asks_whether_it_is_simulated(path: Path) -> None:
    """The firmware cannot tell a simulated hall from a real one."""
    words = {"simulated", "is_sim", "simulation", "hallsim", "is_test", "mock"}
    names = {
        getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not words & {str(name).lower() for name in names if isinstance(name, str)}
    assert "sim" not in imports(path)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_the_same_skeleton(room: str) -> None:
    """Knowing one room is knowing all."""
    for name in ("__init__.py", "config.py", "behaviour.py", "node.py", "__main__.py"):
        assert (ROOT / room / name).exists()


@pytest.mark.parametrize("path", [*modules(*PRODUCTION, "sim")], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """The first thing in a file is a sentence a newcomer can use."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_importing_a_room_brings_no_library_it_does_not_use(tmp_path: Path) -> None:
    """A rating pad pays for no database, no imaging, no printer library (design rule 2)."""
    heavy = "sqlite_utils|sqlite3|PIL|pygame|escpos|serial|gpiozero|asyncio|rich|yaml"
    unused = {"rating_pad": heavy, "punch_clock": heavy, "counter": heavy, "display": heavy, "kiosk": heavy}
    for room, libraries in unused.items():
        code = f"import sys, {room}.node, {room}.__main__; print(*[m for m in '{libraries}'.split('|') if m in sys.modules])"
        ran = subprocess.run([python(), "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert ran.stdout.strip() == "", room


def test_no_file_names_a_place_of_the_machine_it_was_made_on() -> None:
    """A checkout means the same everywhere."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT)
    homes = tuple(f"/{name}/" for name in ("work", "root", "home"))
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".conf", ".service", ""} and path.is_file() and name != "LICENSE":
            content = path.read_text(encoding="utf-8")
            if path != Path(__file__):
                assert not any(f"{quote}{home}" in content for home in homes for quote in " \"'`=(:"), name


def python() -> str:
    """The interpreter that runs the tests."""
    import sys  # noqa: PLC0415 - kept beside its one use

    return sys.executable
