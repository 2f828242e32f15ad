"""What the program makes of one network of the zoo, with one exporter: a row of the table."""
import glob
import os

import onnx

import exporting
from comparison import Golden, compare
from networks import KNOWN_FAILURES


# Where all images lie near kinks, a gradient may be this much farther off than PyTorch's in 32 bits on the same image,
# or than the exact gradient of an image that differs by rounding.
NEAR_KINKS = 3


class Row:
    """- layers: of how many layers the activations were compared; gradients: of how many a gradient.
    - activation_error, gradient_error: the worst of all layers; of a gradient, the error on its best image.
    - float32_error: PyTorch's own in float32, on the image that gave the worst gradient.
    - near_kinks: the layers whose gradient is no better than PyTorch's in float32, or that of a neighbouring image."""

    def __init__(self, name, exporter, opset=None):
        self.name, self.exporter, self.opset = name, exporter, opset
        self.layers = self.gradients = self.images = 0
        self.activation_error = self.gradient_error = self.float32_error = None
        self.reasons, self.near_kinks = [], []

    @property
    def passed(self):
        return not self.reasons

    @property
    def verdict(self):
        return "FAILED" if not self.passed else "passed near kinks" if self.near_kinks else "passed"

    @property
    def as_expected(self):
        return self.passed != (self.name in KNOWN_FAILURES)

    def line(self):
        text = f"{self.name:34} {self.exporter:6} {self.opset or '-':>3} {number(self.activation_error):>8} "
        text += f"{number(self.gradient_error):>8} ({number(self.float32_error)}) {self.verdict}"
        return text + "".join(f"\n    {reason}" for reason in self.reasons)


def number(value):
    return "-" if value is None else f"{value:.1e}"


def rows(program, name, exporters, folder):
    stem = name.replace("/", "-")
    files = {exporter: os.path.join(folder, exporting.file_name(name, exporter)) for exporter in exporters}
    failures = {}
    references = os.path.join(folder, f"{stem}-0.safetensors")
    if not os.path.exists(references) or not all(os.path.exists(file) for file in files.values()):
        try:
            failures = exporting.export(name, folder, exporters)
        except Exception as error:
            failures = dict.fromkeys(exporters, f"{type(error).__name__}: {error}")
    goldens = [Golden(path) for path in sorted(glob.glob(os.path.join(folder, f"{stem}-[0-9].safetensors")))]
    result = []
    for exporter, file in files.items():
        if exporter in failures:
            row = Row(name, exporter)
            row.reasons.append(f"PyTorch did not export it: {failures[exporter]}")
        else:
            row = judge(program, Row(name, exporter, opset(file)), file, goldens)
        result.append(row)
    return result


def opset(file):
    model = onnx.load(file, load_external_data=False)
    return max(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))


def judge(program, row, file, goldens):
    answer = program.inspect(file)
    if answer.status != 0:
        row.reasons.append(f"inspect: {answer.reason}")
    pending, best = None, {}
    for golden in goldens:
        findings = compare(program, file, golden, pending)
        row.images += 1
        for finding in findings:
            if finding.reason:
                row.reasons.append(finding.words())
                continue
            row.activation_error = max(row.activation_error or 0, finding.activation_error)
            if not finding.activation_passes:
                row.reasons.append(finding.words())
            if finding.unit is not None:
                finding.float32_error = golden.float32_errors[finding.layer]
                finding.uncertainty = max(finding.float32_error, golden.jumps.get(finding.layer, 0))
                best[finding.layer] = min(best.get(finding.layer, finding), finding, key=lambda one: one.gradient_error)
        if pending is None:
            row.layers, row.gradients = len(findings), len(golden.gradients)
        pending = {layer for layer, finding in best.items() if not finding.gradient_passes}
        if not pending:
            break
    for layer in sorted(pending):
        if best[layer].gradient_error <= NEAR_KINKS * best[layer].uncertainty:
            row.near_kinks.append(layer)
        else:
            words = f"{best[layer].words()} (of a neighbouring image: {best[layer].uncertainty:.1e})"
            row.reasons.append(f"{words}, the best of {len(goldens)} images")
    if best:
        worst = max(best.values(), key=lambda one: one.gradient_error)
        row.gradient_error, row.float32_error = worst.gradient_error, worst.float32_error
    row.reasons = list(dict.fromkeys(row.reasons))
    return row
