#!/usr/bin/env python3
"""Holds the program against the golden networks: their layers, units and hostile files.

    golden.py --facetreel PATH [--golden FOLDER] [--networks FOLDER] [--only GLOB] [--as-films]

Needs numpy, and onnx where the networks are to be filled. Without the folder of golden files there is nothing to do.
"""
import argparse
import csv
import fnmatch
import os
import re
import runpy
import sys
import tempfile

import numpy as np

from comparison import Golden, compare
from program import Program

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
GOLDEN = os.path.join(ROOT, "..", "shared", "golden", "onnx")

# What a message about a hostile file must name beside the file: the tensor, or the node by its name, operator or output.
CULPRITS = {
    "short_weights.onnx": r"\bw\b",
    "negative_dimension.onnx": r"\bw\b",
    "missing_tensor.onnx": r"\bghost\b",
    "two_images.onnx": r"\bx2\b",
    "stride_zero.onnx": r"\b(Conv|c)\b",
    "unknown_operator.onnx": r"\bsoften\b",
    "microsoft_domain.onnx": r"\bFusedConv\b",
    "external_elsewhere.onnx": r"\bw\b",
    "not_a_number.onnx": r"\bw\b",
}

# A hostile file of a few hundred bytes must be refused by then, and with no more than this.
HOSTILE_SECONDS = 20
HOSTILE_MEGABYTES = 300


def filled(folder, into):
    """The folder of networks, filled if it is not there."""
    if not os.path.isdir(into) or not any(name.endswith(".onnx") for name in os.listdir(into)):
        runpy.run_path(os.path.join(folder, "fill.py"))["main"]([os.path.join(folder, "skeletons"), into])
    return into


def compare_networks(program, folder, networks, only="*"):
    """Prints a line for each network and image; the number of pairs that passed, and of those that failed."""
    passed = failed = 0
    print(f"{'network':30} {'image':>8} {'layers':>6} {'activations':>11} {'gradients':>9}  verdict")
    for name in sorted(os.listdir(os.path.join(folder, "golden"))):
        golden = Golden(os.path.join(folder, "golden", name))
        for network in golden.networks:
            if not fnmatch.fnmatch(network, only):
                continue
            findings = compare(program, os.path.join(networks, network + ".onnx"), golden)
            bad = [finding for finding in findings if not (finding.activation_passes and finding.gradient_passes)]
            passed, failed = passed + (not bad), failed + bool(bad)
            size = "x".join(map(str, golden.image.shape[:2])) + ("" if golden.declared_size else "*")
            worst = [
                max((value for value in values if value is not None), default=float("nan"))
                for values in (
                    [finding.activation_error for finding in findings],
                    [finding.gradient_error for finding in findings],
                )
            ]
            verdict = "passed" if not bad else "FAILED"
            print(f"{network:30} {size:>8} {len(findings):6} {worst[0]:11.1e} {worst[1]:9.1e}  {verdict}", flush=True)
            for finding in bad:
                print(f"    {finding.words()}", flush=True)
    return passed, failed


def compare_hostile(program, folder, only="*"):
    """Prints a line for each hostile file; the number of those answered as expected, and of the others."""
    passed = failed = 0
    image = np.broadcast_to(np.float32([0.25, 0.5, 0.75]), (8, 8, 3))
    with open(os.path.join(folder, "hostile", "expected.tsv"), newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for line in lines:
        if not fnmatch.fnmatch(line["file"], only):
            continue
        path = os.path.join(folder, "hostile", line["file"])
        answer = program.probe(path, "0,0,0", "1,1,1", image, "y", patience=HOSTILE_SECONDS)
        wrong = faults(line, answer)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        print(f"{line['file']:30} {'as expected' if not wrong else 'FAILED: ' + '; '.join(wrong)}", flush=True)
        print(f"    {answer.message.strip() or answer.written.get('mean_activation')}", flush=True)
    return passed, failed


def faults(line, answer):
    """What is wrong with the answer to a hostile file."""
    if answer.status == 0:
        if line["verdict"] == "refuse":
            return ["read, not refused"]
        expected = np.array([float(text) for text in line["mean_activation"].split(",")])
        found = answer.written.get("mean_activation")
        if found is None or found.shape != expected.shape or np.abs(found - expected).max() > 2e-5:
            return [f"mean_activation {found}, expected {expected}"]
        return []
    if answer.status != 2:
        return [answer.reason]
    wrong = []
    if line["verdict"] == "read":
        wrong.append("refused, though legal")
    text = without_name(answer.message, line["file"])
    if line["words"] and not re.search(line["words"], text, re.IGNORECASE):
        wrong.append(f"the message has nothing of {line['words']}")
    culprit = CULPRITS.get(line["file"])
    if culprit and not re.search(culprit, text):
        wrong.append(f"the message does not name {culprit}")
    if line["file"] not in answer.message:
        wrong.append("the message does not name the file")
    if answer.peak > HOSTILE_MEGABYTES:
        wrong.append(f"{answer.peak:.0f} MB")
    return wrong


def without_name(message, name):
    """The message less the file's name and folder, which might have a word that is looked for."""
    return re.sub(r"\S*" + re.escape(name), "", message)


def run(program, folder=GOLDEN, networks=None, only="*"):
    """True if all is as expected, or there is nothing to compare with."""
    if not os.path.isdir(folder):
        print(f"skipped: there are no golden networks in {os.path.normpath(folder)}")
        return True
    with tempfile.TemporaryDirectory() as temporary:
        passed, failed = compare_networks(program, folder, filled(folder, networks or temporary), only)
    more = compare_hostile(program, folder, only)
    print(f"golden networks and images: {passed} passed, {failed} failed")
    print(f"hostile files: {more[0]} as expected, {more[1]} failed")
    return failed + more[1] == 0 and passed + more[0] > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facetreel", required=True, help="the program")
    parser.add_argument("--golden", default=GOLDEN, help="the folder with skeletons/, golden/ and hostile/")
    parser.add_argument("--networks", help="where the filled networks are, or are to be left")
    parser.add_argument("--only", default="*", help="names of networks and hostile files, as a pattern")
    parser.add_argument("--image-range", default="-1..1", choices=["-1..1", "0..1"], help="of the program's --input")
    parser.add_argument("--as-films", action="store_true", help="not with plain sums, but as films are made")
    options = parser.parse_args()
    program = Program(options.facetreel, options.image_range, is_exact=not options.as_films)
    sys.exit(0 if run(program, options.golden, options.networks, options.only) else 1)


if __name__ == "__main__":
    main()
