"""The table of docs/performance.md, between its markers."""

from pathlib import Path
from typing import Any

from bench_figures import Goal

BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"
_WAIT = "one QoS 1 echo + one FULL commit"


def goals(report: dict[str, Any]) -> list[tuple[Goal, str, str]]:
    """Every figure with its goal, what it is measured against, and the two in absolute numbers."""
    details = report["details"]
    rows: list[tuple[Goal, str, str]] = []
    for key, name in (("press_to_print", "press to first printer byte"), ("call_to_sign", "call to first sign byte")):
        for percent, at_most in (("p50", 1.5), ("p99", 2.0)):
            product, floor = details[key]["product_ms"][percent], details[key]["floor_ms"][percent]
            rows.append((Goal(f"{name}, {percent}", report[key][percent], at_most), _WAIT, f"{product} / {floor} ms"))
    rate, pick = details["group_commit_per_second"], details["pick_ns"]
    rows.append(
        (Goal("presses per second, batch", report["group_commit"]), "a commit each", f"{rate['batch']} / {rate['each']} /s")
    )
    rows.append(
        (
            Goal("a decision with 1 000 000 waiting", report["pick_1e6"], 1.5),
            "with 100",
            f"{pick['1e6'] / 1e3:.1f} / {pick['1e2'] / 1e3:.1f} us",
        )
    )
    wait, floor = details["estimate_ns"]["p50"] / 1e6, details["press_to_print"]["floor_ms"]["p50"]
    name = "the wait on a ticket, 50 waiting, inside press to print"
    rows.append((Goal(name, report["estimate_50"]), _WAIT, f"{wait:.1f} / {floor} ms"))
    taken = details["attendance_year_s"]
    name = "a year of attendance, thirty people, twelve sheets"
    told = f"{taken['sheets']} / {taken['decoding']} s"
    rows.append((Goal(name, report["attendance_year"]), f"decoding its {taken['facts']} facts", told))
    for key, goal, what in (("node_rss", 1.4, "a bare Python with paho, connected"), ("start", 3.0, "importing paho")):
        for kind, ratio in report[key].items():
            name = f"resident memory of a {kind}" if key == "node_rss" else f"a {kind} from start to birth"
            name = name.replace("of a service", "of the service")
            rows.append((Goal(name, ratio, goal if kind in {"pad", "clock"} else None), what, _absolute(details, key, kind)))
    return rows


def _absolute(details: dict[str, Any], key: str, kind: str) -> str:
    if key == "node_rss":
        return f"{details['rss_kib'][kind] / 1024:.1f} / {details['rss_kib']['floor'] / 1024:.1f} MiB"
    return f"{details['start_ms'][kind]['p50']:.0f} / {details['start_ms']['floor']['p50']:.0f} ms"


def table(report: dict[str, Any]) -> str:
    """The table in Markdown."""
    lines = ["| what | over | ratio | goal | | this run, both |", "|---|---|---|---|---|---|"]
    for goal, over, absolute in goals(report):
        at_most = "" if goal.at_most is None else f"<= {goal.at_most}"
        lines.append(f"| {goal.name} | {over} | {goal.figure} | {at_most} | {goal.verdict} | {absolute} |")
    load = report["details"]["machine"]["load_average"][0]
    versions = ", ".join(f"{name} {version}" for name, version in report["details"]["versions"].items())
    visits = report["details"]["press_to_print"]["product_ms"]["samples"]
    processors = report["details"]["machine"]["processors"]
    lines += ["", f"{visits} visits; {processors} processors, load {load:.1f} at the end; {versions}."]
    return "\n".join(lines)


def write(path: Path, report: dict[str, Any]) -> None:
    """Put the table between the markers; everything around them stays. Raises ``ValueError`` if they are not there."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for the table: {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{table(report)}\n\n{END}{after}", encoding="utf-8")
