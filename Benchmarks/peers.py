#!/usr/bin/env python3
"""Facetreel beside PyTorch and ONNX Runtime: nine networks, same weights, one thread each, alternating rounds.

Measured is forward and input gradient of one image to the last convolution, and forward alone beside ONNX Runtime,
which gives no gradients. All must agree on an image of noise before they are timed. Run through `make bench-peers`,
which makes the virtual environment. Prints Markdown; a network that fails says why, and the others go on.
"""

import argparse
import os
import platform
import re
import statistics
import sys
from dataclasses import dataclass

import onnxruntime
import torch

import peer_facetreel
import peer_networks  # First of those that import from the zoo: it says where that lies.
from peer_facetreel import FacetreelContestant
from peer_onnxruntime import RuntimeContestant
from peer_torch import TorchContestant, mean_activations

import images

# Of means: the largest difference by the largest mean. Of gradients: the L2 norm of the difference by that of
# PyTorch's; Winograd's filtering rounds more than plain sums, and a mask may flip between two orders of summation.
MEANS_TOLERANCE, GRADIENT_TOLERANCE = 1e-4, 2e-2
# Seeds of the images of noise on which they may agree. On some, values lie so near a ReLU's kink that PyTorch in
# float32 is as far from itself in float64. Networks that are not the same agree on none of them.
IMAGE_SEEDS = (2, 3, 4, 5)


class Disagreement(Exception):
    """Two that should be the same network are not."""


@dataclass
class Apart:
    """How far the others are from PyTorch on the same image: Facetreel's means and gradient, ONNX Runtime's means."""

    means: float
    gradient: float
    runtime_means: float

    @property
    def agree(self):
        """A NaN is no agreement."""
        return (self.means <= MEANS_TOLERANCE and self.gradient <= GRADIENT_TOLERANCE
                and self.runtime_means <= MEANS_TOLERANCE)

    def __str__(self):
        return (f"beside PyTorch means differ by {self.means:.1e}, the gradient by {self.gradient:.1e}, "
                f"ONNX Runtime's means by {self.runtime_means:.1e}")


@dataclass
class Measured:
    network: peer_networks.Network
    side: int
    apart: Apart
    facetreel: FacetreelContestant
    torch: TorchContestant
    runtime: RuntimeContestant


def compare(program, network, prepared, runtime, image):
    """How far apart all are on an image in 0...1, and the unit of the gradient: the one with the largest mean, as
    behind a ReLU another may have no gradient at all."""
    image = (image * 2 - 1).float().requires_grad_(True)
    means = mean_activations(prepared.model, image, prepared.normalization)
    unit = int(means.argmax())
    (gradient,) = torch.autograd.grad(means[unit], image)
    means = means.detach()
    ours, our_gradient = peer_facetreel.probe(program, prepared.path, network.layer, unit, image.detach())
    runtimes = torch.from_numpy(runtime.activations()).mean((0, 2, 3))
    largest = means.abs().max()
    return unit, Apart(
        ((ours - means).abs().max() / largest).item(),
        ((our_gradient - gradient).norm() / gradient.norm()).item(),
        ((runtimes - means).abs().max() / largest).item())


def agreement(program, network, prepared):
    """What the network receives of an image on which all agree, the unit of the gradient, how far apart they are, and
    ONNX Runtime's contestant."""
    for seed in IMAGE_SEEDS:
        drawn = images.draw(1, (prepared.side, prepared.side), seed)
        received = images.normalized(drawn, prepared.normalization, torch.float32).contiguous()
        runtime = RuntimeContestant(prepared.path, network.layer, received)
        unit, apart = compare(program, network, prepared, runtime, drawn[0])
        log(f"{network.name}: {apart}")
        if apart.agree:
            return received, unit, apart, runtime
    raise Disagreement(f"not the same network: {apart}")


def measure(network, arguments):
    """Makes a network, lets all agree on it, and times them: each once a round."""
    prepared = peer_networks.prepare(network, arguments.cache)
    received, unit, apart, runtime = agreement(arguments.facetreel, network, prepared)
    facetreel = FacetreelContestant(
        arguments.facetreel, prepared.path, network.layer, prepared.side, arguments.workers)
    contestants = [facetreel, TorchContestant(prepared.model, received, unit), runtime]
    for _ in range(arguments.rounds):
        for contestant in contestants:
            contestant.round()
    return Measured(network, prepared.side, apart, *contestants)


def log(line):
    """Beside the tables, for whoever waits for them."""
    print(line, file=sys.stderr, flush=True)


def times(milliseconds):
    return f"{min(milliseconds):.2f} ({statistics.median(milliseconds):.2f})"


def ratios(theirs, ours):
    return f"{min(theirs) / min(ours):.2f} ({statistics.median(theirs) / statistics.median(ours):.2f})"


def gradient_row(measured, workers):
    ours, theirs, best = measured.facetreel.milliseconds(), measured.torch.milliseconds(), measured.facetreel.best()
    row = [measured.network.name, measured.network.layer, f"{measured.side}", times(ours), times(theirs),
           ratios(theirs, ours), f"{best['gflops']:.0f}", f"{best['percentOfPeak']:.0f} %",
           f"{best['workerMegabytes']:.1f}"]
    if workers > 1:
        gains = measured.facetreel.gains()
        row.append(f"{max(gains):.2f} ({statistics.median(gains):.2f})")
    return row


def forward_row(measured):
    ours, theirs = measured.facetreel.forward_milliseconds(), measured.runtime.milliseconds()
    return [measured.network.name, times(ours), times(theirs), ratios(theirs, ours)]


def apart_row(measured):
    apart = measured.apart
    return [measured.network.name, f"{apart.means:.1e}", f"{apart.gradient:.1e}", f"{apart.runtime_means:.1e}"]


def table(title, header, rows):
    print(f"{title}\n\n| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def report(results, arguments):
    header = ["network", "to", "px", "Facetreel ms, best (median)", "PyTorch ms, best (median)",
              "ratio of bests (of medians)", "GFLOP/s", "of the core's peak", "MB a worker"]
    if arguments.workers > 1:
        header.append(f"{arguments.workers} workers by one, best (median)")
    rows = [gradient_row(each, arguments.workers) for each in results]
    table("Forward and input gradient of one image:", header, rows)
    table("Forward alone, to the same tensor:",
          ["network", "Facetreel ms, best (median)", "ONNX Runtime ms, best (median)", "ratio of bests (of medians)"],
          [forward_row(each) for each in results])
    table("How far from PyTorch on the same image, means by the largest of them, the gradient by its length:",
          ["network", "means", "gradient", "ONNX Runtime's means"], [apart_row(each) for each in results])
    peak = max(each.facetreel.peak() for each in results)
    print("GFLOP/s and their share of the peak are of the best round. They count plain sums, of which Winograd's "
          "filtering saves some in 3x3 convolutions: above 100 % is no error.\n")
    print(f"{processor()}, {peak:.0f} GFLOP/s of one core at best; {peer_facetreel.version(arguments.facetreel)}; "
          f"PyTorch {torch.__version__}, BatchNorm folded, in the faster of its memory layouts; "
          f"ONNX Runtime {onnxruntime.__version__}; one thread each, {arguments.rounds} alternating rounds.")


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            found = re.search(r"^model name\s*: (.+)$", file.read(), re.M)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def positive(text):
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def arguments_of(command):
    names = [network.name for network in peer_networks.NETWORKS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facetreel", default=".build/release/facetreel", help="the built program")
    parser.add_argument("--network", action="append", choices=names, metavar="NAME", dest="networks",
                        help="one of the networks, more than once for several (default: all): " + ", ".join(names))
    parser.add_argument("--cache", default=".build/peers/networks", metavar="FOLDER",
                        help="where exported networks are kept (default: %(default)s)")
    parser.add_argument("--rounds", type=positive, default=8, metavar="N", help="default: %(default)s")
    parser.add_argument("--workers", type=positive, default=1, metavar="N",
                        help="from 2 on, also so many of Facetreel's workers beside one")
    arguments = parser.parse_args(command)
    arguments.facetreel = os.path.abspath(arguments.facetreel)
    return arguments


def main(command=None):
    arguments = arguments_of(command)
    torch.set_num_threads(1)
    results, failures = [], []
    for network in peer_networks.NETWORKS:
        if arguments.networks and network.name not in arguments.networks:
            continue
        try:
            results.append(measure(network, arguments))
        except Exception as error:  # Of three libraries and a program; the other networks can still be measured.
            reason = str(error).strip().splitlines() or [""]
            failures.append(f"{network.name}: {type(error).__name__}: {reason[0]}")
            log(failures[-1])
    if results:
        report(results, arguments)
    for failure in failures:
        print(f"\nNot measured: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
