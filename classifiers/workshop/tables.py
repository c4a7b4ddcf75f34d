"""Writes figures as Markdown tables; computes none."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table of one line for each row; floats with two or three digits."""
    lines = [heads, ["---"] * len(heads), *([_shown(cell) for cell in r] for r in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(cell: object) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def comparison(rows: Mapping[str, Figures]) -> str:
    """Compare models as a whole: F1 by group at both thresholds, speed, size."""
    groups = list(next(iter(rows.values()))["plain"]["macro_f1"])
    heads = [
        "", "at 0.5", *groups, "threshold", "exact", "kind", "mails/s", "MB",
        "epochs", "what",
    ]  # fmt: skip
    return table(
        heads,
        (
            (
                f"`{name}`",
                row["plain"]["macro_f1"]["all"],
                *row["chosen"]["macro_f1"].values(),
                f"{row['chosen']['threshold']:.2f}",
                row["chosen"]["exact_match"],
                row["kind_accuracy"],
                row["mails_per_second"],
                f"{row['megabytes']:.2f}",
                row.get("epochs"),
                row["what"],
            )
            for name, row in rows.items()
        ),
    )


def comparison_by(part: str, rows: Mapping[str, Figures]) -> str:
    """Compare models by "labels" or "languages", a column for each model."""
    keys = list(next(iter(rows.values()))["chosen"][part])
    return table(
        ["", *(f"`{name}`" for name in rows)],
        (
            (key, *(f"{row['chosen'][part][key]:.2f}" for row in rows.values()))
            for key in keys
        ),
    )
