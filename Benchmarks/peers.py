#!/usr/bin/env python3
"""Forward and input gradient: Facetreel beside PyTorch, same weights, same layers, same threads, alternating rounds.

Both run MobileNetV2 from the same ONNX file, and must agree on an image before they are timed. Run through
`make bench-peers`, which makes the virtual environment. Prints a Markdown table of ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from weights import read_onnx

SIDE = 224
LAYERS = {"block_4_add": 6, "block_12_add": 14, "block_16_project_BN": 18}
UNIT = 1
# What is subtracted of each color in 0...1, and what the rest is divided by: as the network's card has it.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# Of means; of gradients relative, as a mask may flip between two orders of summation.
TOLERANCES = (2e-5, 0.02)
GROUPS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class Block(nn.Module):
    """An inverted residual block with BatchNorm folded, PyTorch's own fastest form of it."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        steps = [] if expansion == 1 else [nn.Conv2d(inputs, hidden, 1), nn.ReLU6()]
        steps += [nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden), nn.ReLU6(), nn.Conv2d(hidden, outputs, 1)]
        self.steps = nn.Sequential(*steps)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.steps(x) if self.residual else self.steps(x)


def fold(convolution, tensors, name, norm):
    """Loads a convolution with its BatchNorm folded in; both have Keras' names."""
    scale = tensors[norm + "/gamma"] / torch.sqrt(tensors[norm + "/moving_variance"] + 1e-5)
    convolution.weight.data = tensors[name + "/kernel"] * scale[:, None, None, None]
    convolution.bias.data = tensors[norm + "/beta"] - tensors[norm + "/moving_mean"] * scale


def network(tensors):
    features = [nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU6())]
    fold(features[0][0], tensors, "Conv1", "bn_Conv1")
    channels = 32
    for expansion, outputs, repetitions, first_stride in GROUPS:
        for repetition in range(repetitions):
            block = Block(channels, outputs, first_stride if repetition == 0 else 1, expansion)
            prefix = "expanded_conv" if expansion == 1 else f"block_{len(features) - 1}"
            steps = ("expand", "depthwise", "project")[expansion == 1 :]
            convolutions = [step for step in block.steps if isinstance(step, nn.Conv2d)]
            for step, convolution in zip(steps, convolutions, strict=True):
                fold(convolution, tensors, f"{prefix}_{step}", f"{prefix}_{step}_BN")
            features.append(block)
            channels = outputs
    features = nn.Sequential(*features).eval()
    for parameter in features.parameters():
        parameter.requires_grad_(False)
    return features


def differences(facetreel, path, layer, model):
    """How far means and gradients of an image are apart: the largest of the means, of the gradient the L2 norm of the
    difference by that of PyTorch's."""
    image = torch.rand(SIDE, SIDE, 3) * 2 - 1
    with tempfile.TemporaryDirectory() as folder:
        given, found = os.path.join(folder, "image.safetensors"), os.path.join(folder, "found.safetensors")
        save_file({"input": image}, given)
        subprocess.run(
            [facetreel, "probe", "--network", path, "--input", given, "--layer", layer, "--unit", str(UNIT),
             "--output", found],
            check=True, stdout=subprocess.DEVNULL)
        ours = load_file(found)
    image.requires_grad_(True)
    seen = ((image + 1) / 2 - torch.tensor(MEAN)) / torch.tensor(DEVIATION)
    means = model(seen.permute(2, 0, 1)[None].contiguous()).mean((0, 2, 3))
    (gradient,) = torch.autograd.grad(means[UNIT], image)
    return (
        (ours["mean_activation"] - means.detach()).abs().max().item(),
        ((ours["gradient"] - gradient).norm() / gradient.norm()).item(),
    )


def torch_milliseconds(model, image, repetitions=3):
    start = time.perf_counter()
    for _ in range(repetitions):
        value = model(image)[:, UNIT].mean()
        torch.autograd.grad(value, image)
    return (time.perf_counter() - start) / repetitions * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facetreel", required=True, help="the built program")
    parser.add_argument("--network", required=True, help="mobilenet_v2.onnx, as `make weights` writes it")
    parser.add_argument("--rounds", type=int, default=8)
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(0)
    tensors = {name: torch.from_numpy(values) for name, values in read_onnx(arguments.network).items()}
    full = network(tensors)
    models, times, apart = {}, {}, []
    for layer, depth in LAYERS.items():
        found = differences(arguments.facetreel, arguments.network, layer, full[:depth])
        if not all(difference <= tolerance for difference, tolerance in zip(found, TOLERANCES)):
            raise SystemExit(f"{layer}: not the same network: means differ by {found[0]}, gradients by {found[1]}")
        apart.append(found)
        for form in (torch.contiguous_format, torch.channels_last):
            image = (torch.rand(1, 3, SIDE, SIDE) * 2 - 1).to(memory_format=form).requires_grad_(True)
            models[layer, form] = (full[:depth].to(memory_format=form), form, image)
            times[layer, form] = []
        times[layer, "facetreel"] = []
    for _ in range(arguments.rounds):
        report = subprocess.run(
            [arguments.facetreel, "bench", "--json", "--jobs", "1", "--rounds", "3", "--network", arguments.network],
            check=True, capture_output=True, text=True)
        for depth in (depth for depth in json.loads(report.stdout)["depths"] if depth["batch"] == 1):
            times[depth["layer"], "facetreel"].append(depth["millisecondsPerImageMinimum"])
        for key, (model, form, image) in models.items():
            model.to(memory_format=form)
            torch_milliseconds(model, image, 1)
            times[key].append(torch_milliseconds(model, image))
    print("| to | Facetreel ms, best (median) | PyTorch ms, best (median) | ratio of bests (of medians) |")
    print("|---|---|---|---|")
    for layer in LAYERS:
        ours = times[layer, "facetreel"]
        # PyTorch in whichever memory layout suits it better.
        theirs = min((times[layer, form] for form in (torch.contiguous_format, torch.channels_last)), key=min)
        median = statistics.median
        print(
            f"| {layer} | {min(ours):.2f} ({median(ours):.2f}) | {min(theirs):.2f} ({median(theirs):.2f}) "
            f"| {min(theirs) / min(ours):.2f} ({median(theirs) / median(ours):.2f}) |")
    means, gradients = (max(column) for column in zip(*apart))
    print(f"\nOn the same image means differ by at most {means:.1g}, gradients by {gradients:.1g} of their length.")
    print(f"PyTorch {torch.__version__}, one thread each, {arguments.rounds} alternating rounds, {SIDE} px.")


if __name__ == "__main__":
    main()
