"""The table of the zoo: what passed, how near it is, and why the others did not."""
from networks import KNOWN_FAILURES
from verdict import number


def table(rows):
    """Markdown, a line for each network and exporter."""
    lines = [
        "| network | exporter | opset | activations | gradients | PyTorch in float32 | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        verdict = row.verdict if row.passed else shortened(KNOWN_FAILURES.get(row.name, row.reasons[0]))
        lines.append(
            f"| {row.name} | {row.exporter} | {row.opset or '-'} | {number(row.activation_error)} "
            f"| {number(row.gradient_error)} | {number(row.float32_error)} | {verdict} |")
    return "\n".join(lines) + "\n\n" + summary(rows) + "\n"


def shortened(reason, length=160):
    reason = reason.replace("|", "\\|")
    return reason if len(reason) <= length else reason[: length - 1] + "…"


def summary(rows):
    lines = []
    for library in ("torchvision", "timm"):
        for exporter in ("legacy", "new"):
            some = [row for row in rows if row.name.startswith(library + "/") and row.exporter == exporter]
            if some:
                passed = sum(row.passed for row in some)
                lines.append(f"{library}, {exporter} exporter: {passed} of {len(some)} networks pass")
    good = sum(row.passed for row in rows)
    # The last line is of the form that counts as a test run's result.
    return "\n".join(lines + [f"{good} passed, {len(rows) - good} failed"])
