"""Exports a network of the zoo with both exporters, and writes PyTorch's numbers for it beside the files.

What is written: NAME-legacy.onnx, NAME-new.onnx (+ .data), and NAME-0.safetensors to NAME-2.safetensors in the form of
the golden files: `input`, `mean_activation/LAYER`, `gradient/LAYER/UNIT`.
"""
import contextlib
import io
import json
import logging
import os
import warnings
import zlib

import numpy as np
import onnx
import onnxruntime
import torch

import images
import naming
import references
import tensors
from building import build
from comparison import gradient_error

LAYERS = 7
# Which of the layers, in the order of depth, have a gradient too.
WITH_GRADIENT = (1, 3, 5)
EXPORTERS = ("legacy", "new")
LEGACY_OPSET = 17
# How far ONNX Runtime may be off for a layer's name to mean the module's output. Another tensor is nowhere as near.
SAME = 1e-3


def file_name(name, exporter):
    return f"{name.replace('/', '-')}-{exporter}.onnx"


def export(name, folder, exporters=EXPORTERS):
    """Writes everything; an exporter that fails is a line in the result: exporter to words."""
    model, size, normalization = build(name)
    failures = {}
    for exporter in exporters:
        try:
            export_to(model, size, exporter, os.path.join(folder, file_name(name, exporter)))
        except Exception as error:
            failures[exporter] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    files = [os.path.join(folder, file_name(name, exporter)) for exporter in exporters if exporter not in failures]
    write_references(name, model, size, normalization, files, folder)
    return failures


def export_to(model, size, exporter, path):
    image = torch.zeros(1, 3, *size)
    options = {"input_names": ["image"], "output_names": ["logits"]}
    if exporter == "legacy":
        options.update(dynamo=False, opset_version=LEGACY_OPSET)
    else:
        options.update(dynamo=True, verbose=False)
    logging.disable(logging.WARNING)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (image,), path, **options)


def write_references(name, model, size, normalization, files, folder):
    seed = zlib.crc32(name.encode())
    double = references.in_double(model)
    chosen, margins = references.choose_images(double, size, normalization, seed)
    layers = choose_layers(double, chosen[0], normalization, files)
    with_gradient = [layers[place] for place in WITH_GRADIENT if place < len(layers) - 1] + layers[-1:]
    units = references.choose_units(double, chosen[0], normalization, with_gradient, seed)
    made = []
    for image, margin in zip(chosen, margins):
        activations, gradients = references.numbers(double, image, normalization, layers, units, torch.float64)
        _, single = references.numbers(model, image, normalization, layers, units, torch.float32)
        written = {"input": image.numpy()}
        written.update({f"mean_activation/{layer}": values for layer, values in activations.items()})
        written.update({f"gradient/{layer}/{units[layer]}": values for layer, values in gradients.items()})
        errors = {layer: gradient_error(single[layer], gradients[layer]) for layer in gradients}
        jumps = references.jumps(double, image, normalization, layers, units, gradients)
        made.append((max(errors.values()), written, errors, jumps, margin))
    # First the images on which 32 bits are enough for PyTorch; and the very first is written last: where it is, all are.
    made.sort(key=lambda entry: entry[0])
    for number, (_, written, errors, jumps, margin) in reversed(list(enumerate(made))):
        metadata = {
            "networks": json.dumps([os.path.basename(file)[: -len(".onnx")] for file in files]),
            "mean": ",".join(str(float(value)) for value in normalization[0]),
            "std": ",".join(str(float(value)) for value in normalization[1]),
            "image_range": "0..1",
            "margin": f"{margin:.1e}",
            "float32_gradient_errors": json.dumps(errors),
            "gradient_jumps": json.dumps(jumps),
            "source": f"PyTorch {torch.__version__} (float64), random weights",
        }
        tensors.write(os.path.join(folder, f"{name.replace('/', '-')}-{number}.safetensors"), written, metadata)


def choose_layers(model, image, normalization, files):
    """Layers spread over the depth whose name means, in every file, what the module of that name gives; last the
    logits, by the name of the output."""
    with torch.no_grad():
        seen = references.record(model, images.normalized(image[None], normalization, torch.float64))
    ratio = image.shape[0] / image.shape[1]
    names = [name for name, tensor in seen.items() if name != "logits" and channels_first(tensor, ratio)]
    received = images.normalized(image[None], normalization, torch.float32).numpy()
    for file in files:
        model = onnx.load(file)
        meant = naming.layers(model)
        names = [name for name in names if name in meant]
        found = run(model, received, sorted({meant[name] for name in names}))
        names = [name for name in names if same(found[meant[name]], seen[name])]
    # One name for each tensor: the first, which is the shorter where a block ends with a module of its own.
    firsts = {}
    for name in sorted(names, key=len):
        firsts.setdefault(meant[name], name)
    names = [name for name in names if name in firsts.values() and firsts[meant[name]] == name]
    places = np.unique(np.linspace(0, len(names) - 1, LAYERS).round().astype(int)) if names else []
    return [names[place] for place in places] + ["logits"]


def channels_first(tensor, ratio):
    """Not [1, height, width, channels]: the shape of the map tells."""
    if tensor.dim() == 2 or tensor.shape[2:] == (1, 1):
        return True
    return 0.6 < tensor.shape[2] / tensor.shape[3] / ratio < 1.6


def same(found, expected):
    if found.shape != tuple(expected.shape):
        return False
    expected = expected.numpy()
    return np.abs(found - expected).max() <= SAME * max(np.abs(expected).max(), 1e-30)


def run(model, image, names):
    """What ONNX Runtime makes of an image, for any tensors of a model. The model is changed."""
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: image})))
