"""Facetreel's side: the program, called as a user calls it."""

import json
import os
import subprocess
import tempfile

from safetensors.torch import load_file, save_file


class ProgramError(Exception):
    """What the program said before it gave up."""


def call(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise ProgramError(f"facetreel {arguments[0]}: exit {done.returncode}: {done.stderr.strip() or 'no message'}")
    return done.stdout


def version(program):
    return call(program, "--version").strip()


def probe(program, path, layer, unit, image):
    """Mean activations and a unit's gradient, of an image in -1...1, [height, width, 3]; as films are made, so that 3x3
    convolutions may be Winograd's."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = os.path.join(folder, "image.safetensors"), os.path.join(folder, "found.safetensors")
        save_file({"input": image.contiguous()}, given)
        call(program, "probe", "--network", path, "--input", given, "--layer", layer, "--unit", unit, "--output", found)
        tensors = load_file(found)
    return tensors["mean_activation"], tensors["gradient"]


class FacetreelContestant:
    """Forward and input gradient, and forward alone, of the same calls.

    - workers: beside the single one; with one, nothing is measured beside it."""

    def __init__(self, program, path, layer, side, workers):
        self.program, self.workers = program, workers
        self.arguments = ["bench", "--json", "--network", path, "--layer", layer, "--size", side, "--jobs", workers,
                          "--rounds", 3]
        self.reports = []

    def round(self):
        self.reports.append(json.loads(call(self.program, *self.arguments)))

    def depths(self, batch=1, workers=1):
        """Of each round, what was measured with so many images and workers."""
        return [next(depth for depth in report["depths"] if (depth["batch"], depth["workers"]) == (batch, workers))
                for report in self.reports]

    def milliseconds(self):
        return [depth["millisecondsPerImageMinimum"] for depth in self.depths()]

    def forward_milliseconds(self):
        return [depth["forwardMillisecondsMinimum"] for depth in self.depths()]

    def best(self):
        """The round in which an image took the least, whose share of the peak is that of its own seconds."""
        return min(self.depths(), key=lambda depth: depth["millisecondsPerImageMinimum"])

    def peak(self):
        """GFLOP/s, the highest that any round saw."""
        return max(report["fmaPeakGFLOPS"] for report in self.reports)

    def gains(self):
        """Of each round, how many times as many images per second the workers made as one of them, in batches of 10."""
        alone, together = self.depths(10), self.depths(10, self.workers)
        return [one["millisecondsPerImageMinimum"] / many["millisecondsPerImageMinimum"]
                for one, many in zip(alone, together)]
