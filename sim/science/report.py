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


def waits_table(found: dict[str, Any], wrong: dict[str, list[str]]) -> str:
    """One line a world, then one a class."""
    lines = [
        "| hall, class | tickets | mean | error: told, length, last | ratio | below high, low | bias, min | of length |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in found.items():
        error = one["mae_min"]
        cells = [
            f"{name}, all",
            f"{one['tickets']}",
            f"{one['mean_min']:.2f}",
            f"{error['told']:.2f} / {error['queue_length']:.2f} / {error['last_of_class']:.2f}",
            f"{one['ratio']:.2f}",
            f"{one['below_high']:.3f} / {one['below_low']:.3f}",
            "",
            "",
        ]
        lines.append("| " + " | ".join(cells) + " |")
        lines += [_class_line(kind, each) for kind, each in one["classes"].items()]
    lines += ["", *(f"{name}: {'; '.join(missed) or 'every goal is met'}" for name, missed in wrong.items())]
    return "\n".join(lines)


def _class_line(kind: str, one: dict[str, float]) -> str:
    cells = [
        f"- {kind}",
        f"{one['tickets']}",
        f"{one['mean_min']:.2f}",
        "",
        "",
        f"{one['below_high']:.3f} / {one['below_low']:.3f}",
        f"{one['bias_min']:+.2f} ({one['bias']:+.1%})",
        f"{one['queue_length_bias_min']:+.2f}",
    ]
    return "| " + " | ".join(cells) + " |"
