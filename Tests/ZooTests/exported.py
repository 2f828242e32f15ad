"""What Weights/export_torch.py writes opens by its name and card alone, and gives the logits of ONNX Runtime."""
import fnmatch
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx

import exporting
from comparison import ACTIVATION_TOLERANCE, activation_error

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Weights", "export_torch.py")
# Name, library, exporter. `lcnet_050` has no labels in its library, `tf_efficientnet_lite0` a mean of its own.
MODELS = (
    ("resnet18", "torchvision", "legacy"),
    ("tf_efficientnet_lite0", "timm", "legacy"),
    ("lcnet_050", "timm", "new"),
)
SIDE = 96


def run(program, only="*"):
    """Prints a line for each model; the number of those that passed, and of the others."""
    passed = failed = 0
    for name, library, exporter in MODELS:
        if not fnmatch.fnmatch(name, only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            fault = fault_of(program, name, library, exporter, folder)
        passed, failed = passed + (fault is None), failed + (fault is not None)
        print(f"{name:28} {exporter:6} {'passed' if fault is None else 'FAILED: ' + fault}", flush=True)
    return passed, failed


def fault_of(program, name, library, exporter, folder):
    """What is wrong, or None."""
    command = [sys.executable, "-B", SCRIPT, name, "--library", library, "--exporter", exporter]
    command += ["--weights", "random", "--size", str(SIDE), "--output", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return f"export_torch.py: {done.stderr.strip()}"
    path = os.path.join(folder, name + ".onnx")
    with open(os.path.join(folder, name + ".json")) as file:
        card = json.load(file)
    answer = program.inspect(path)
    if answer.status != 0:
        return f"inspect: {answer.reason}"
    random = np.random.default_rng(5)
    image = (random.integers(0, 65537, (SIDE, SIDE, 3)) / 65536).astype(np.float32)
    received = (image - np.float32(card["mean"])) / np.float32(card["standardDeviation"])
    expected = exporting.run(onnx.load(path), received.transpose(2, 0, 1)[None], ["logits"])["logits"][0]
    answer = program.probe(path, None, None, image, "logits")
    if answer.status != 0:
        return f"probe: {answer.reason}"
    error = activation_error(answer.written["mean_activation"], expected)
    return None if error <= ACTIVATION_TOLERANCE else f"logits {error:.1e} off"
