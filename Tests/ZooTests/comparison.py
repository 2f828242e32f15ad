"""Holds the program's numbers against a file of golden numbers."""
import json

import numpy as np

import tensors

# What 32 bits attain is 1.7e-6 and, away from kinks, 6e-6 (measured on 29 images with three ways to compute); float16
# weights, a missing pad or a wrong gradient at a bound are farther off than these.
ACTIVATION_TOLERANCE = 2e-5
GRADIENT_TOLERANCE = 5e-5


class Golden:
    """A file of golden numbers: `input` [height, width, 3] in 0..1, `mean_activation/LAYER` [units] and
    `gradient/LAYER/UNIT` [height, width, 3] with respect to the image in 0..1."""

    def __init__(self, path):
        self.path = path
        self.tensors, metadata = tensors.read(path)
        self.image = self.tensors["input"]
        self.mean, self.std = metadata["mean"], metadata["std"]
        self.networks = json.loads(metadata["networks"])
        self.declared_size = metadata.get("declared_size", "true") == "true"
        self.float32_errors = json.loads(metadata.get("float32_gradient_errors", "{}"))
        self.jumps = json.loads(metadata.get("gradient_jumps", "{}"))
        self.activations, self.gradients = {}, {}
        for name, tensor in self.tensors.items():
            kind, _, rest = name.partition("/")
            if kind == "mean_activation":
                self.activations[rest] = tensor
            elif kind == "gradient":
                layer, _, unit = rest.rpartition("/")
                self.gradients[layer] = (int(unit), tensor)


class Finding:
    """How far one layer's numbers lie from the golden ones."""

    def __init__(self, layer, unit=None):
        self.layer, self.unit = layer, unit
        self.activation_error = self.gradient_error = self.reason = None

    @property
    def activation_passes(self):
        return self.reason is None and self.activation_error <= ACTIVATION_TOLERANCE

    @property
    def gradient_passes(self):
        if self.unit is None:
            return True
        return self.reason is None and self.gradient_error <= GRADIENT_TOLERANCE

    def words(self):
        if self.reason:
            return f"{self.layer}: {self.reason}"
        text = f"{self.layer}: activations {self.activation_error:.1e}"
        return text if self.unit is None else text + f", gradient of unit {self.unit} {self.gradient_error:.1e}"


def activation_error(found, golden):
    """The largest difference, as a part of the layer's largest mean activation."""
    return float(np.abs(found.astype(np.float64) - golden).max() / max(np.abs(golden).max(), 1e-30))


def gradient_error(found, golden):
    """The L2 norm of the difference, as a part of the golden gradient's."""
    golden = golden.astype(np.float64)
    return float(np.linalg.norm(found - golden) / max(np.linalg.norm(golden), 1e-30))


def compare(program, network, golden, layers=None):
    """A finding for each layer of the golden file, or for those given."""
    return [
        compare_layer(program, network, golden, layer)
        for layer in sorted(golden.activations)
        if layers is None or layer in layers
    ]


def compare_layer(program, network, golden, layer):
    unit, gradient = golden.gradients.get(layer, (None, None))
    finding = Finding(layer, unit)
    answer = program.probe(network, golden.mean, golden.std, golden.image, layer, unit)
    expected = golden.activations[layer]
    if answer.status != 0:
        finding.reason = answer.reason
        return finding
    found = answer.written.get("mean_activation")
    if found is None or found.shape != expected.shape:
        finding.reason = f"mean_activation {None if found is None else found.shape}, expected {expected.shape}"
        return finding
    finding.activation_error = activation_error(found, expected)
    if unit is not None:
        found = answer.written.get("gradient")
        if found is None or found.shape != gradient.shape:
            finding.reason = f"gradient {None if found is None else found.shape}, expected {gradient.shape}"
            return finding
        finding.gradient_error = gradient_error(found, gradient)
    if not np.isfinite([finding.activation_error, finding.gradient_error or 0]).all():
        finding.reason = "a number that is not finite"
    return finding
