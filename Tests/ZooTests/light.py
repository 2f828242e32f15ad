"""The nine light models of the onnx wheel, to their last layer, against ONNX Runtime.

They are old files (IR 3, opset 9) of well-known networks; every weight is a ConstantOfShape of .02. The last layer is
that of the logits: a Softmax behind them says nothing here, for they are all equal.
"""
import fnmatch
import glob
import os

import numpy as np
import onnx

import exporting
from comparison import ACTIVATION_TOLERANCE, activation_error

# Places, in parts of the way through the file, of the layers looked at beside the last.
ON_THE_WAY = (0.25, 0.5, 0.75)


def folder_of_models():
    return os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "light")


def run(program, folder=None, only="*"):
    """Prints a line for each model; the number of those that passed, and of the others."""
    passed = failed = 0
    for path in sorted(glob.glob(os.path.join(folder or folder_of_models(), "*.onnx"))):
        name = os.path.basename(path)
        if not fnmatch.fnmatch(name, only):
            continue
        errors, reasons = compare(program, path)
        good = not reasons and max(errors.values()) <= ACTIVATION_TOLERANCE
        passed, failed = passed + good, failed + (not good)
        worst = f"{max(errors.values()):.1e}" if errors else "-"
        print(f"{name:28} {len(errors)} layers, worst {worst}  {'passed' if good else 'FAILED'}", flush=True)
        for reason in reasons + [f"{layer}: {error:.1e}" for layer, error in errors.items()] * (not good):
            print(f"    {reason}", flush=True)
    return passed, failed


def compare(program, path):
    """Errors by layer, and why there are none for others."""
    model = onnx.load(path)
    names = layers(model)
    declared = [value for value in model.graph.input if value.name not in weights(model)][0]
    height, width = (dimension.dim_value for dimension in declared.type.tensor_type.shape.dim[2:])
    random = np.random.default_rng(9)
    image = (random.integers(0, 65537, (height, width, 3)) / 65536).astype(np.float32)
    found = exporting.run(model, image.transpose(2, 0, 1)[None], names)
    errors, reasons = {}, []
    for layer in names:
        expected = found[layer].astype(np.float64)
        expected = expected.reshape(*expected.shape[:2], -1).mean(2)[0]
        answer = program.probe(path, "0,0,0", "1,1,1", image, layer)
        values = answer.written.get("mean_activation")
        if answer.status != 0 or values is None:
            reasons.append(f"{layer}: {answer.reason}")
        elif values.shape != expected.shape:
            reasons.append(f"{layer}: {values.shape}, expected {expected.shape}")
        else:
            errors[layer] = activation_error(values, expected)
    return errors, reasons


def weights(model):
    return {tensor.name for tensor in model.graph.initializer}


def layers(model):
    """Some tensors on the way, and the logits."""
    maps = [node.output[0] for node in model.graph.node if node.op_type in ("Conv", "Relu", "Concat", "MaxPool", "LRN")]
    chosen = [maps[int(len(maps) * part)] for part in ON_THE_WAY]
    last = model.graph.node[-1]
    return chosen + [last.input[0] if last.op_type == "Softmax" else last.output[0]]
