"""The figures as tables a person reads, the same in the terminal and in docs/science.md."""

from typing import Any


def call_order_table(figures: dict[str, Any]) -> str:
    """One line a case, classes with a slash between."""
    lines = [
        "| case | counters, load | speeds | wait claimed | wait measured, 95 % | t | conservation | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in figures["cases"].items():
        kinds = row["classes"]
        leak = max(row["conservation"].values(), key=abs)
        verdict = "as claimed" if row["as_claimed"] else "NOT AS CLAIMED: " + ", ".join(row["complaints"])
        cells = [
            name,
            f"{row['servers']}, {row['load']:.2f}",
            " / ".join(f"{one['speed']:g}" for one in kinds),
            " / ".join("-" if one["claimed"] is None else f"{one['claimed']:.3f}" for one in kinds),
            " / ".join(f"{one['mean']:.3f}+-{one['half_width']:.3f}" for one in kinds),
            " / ".join("-" if one["t"] is None else f"{one['t']:+.2f}" for one in kinds),
            f"{leak:+.3%}",
            verdict,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
