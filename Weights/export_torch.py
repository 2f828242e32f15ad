#!/usr/bin/env python3
"""Writes a model of torchvision or timm as an ONNX file with a card: its own normalisation, size and labels.

Needs torch, the model's library and onnx (for the new exporter also onnxscript) in the Python that runs this. Nothing else
in this folder needs them.
"""

import argparse
import contextlib
import importlib
import os
import re
import sys
import tempfile
import warnings

import fetch
from atomic_file import write_atomically
from card import encode_card
from torch_models import ModelError, model_of

FOLDER = os.path.dirname(os.path.abspath(__file__))
OPSETS = {"legacy": 17, "new": 18}
SEED = 0  # of random weights


def missing_modules(library, exporter):
    """What is needed and cannot be imported; where no library is asked for, either will do."""

    def is_there(name):
        try:
            importlib.import_module(name)
            return True
        except ImportError:
            return False

    missing = [name for name in ["torch"] + ([library] if library else []) if not is_there(name)]
    if library is None and not is_there("torchvision") and not is_there("timm"):
        missing.append("torchvision")
    return missing + [name for name in ["onnx"] + (["onnxscript"] if exporter == "new" else []) if not is_there(name)]


def demand(library, exporter):
    """Raises unless all that is needed is there."""
    missing = missing_modules(library, exporter)
    if missing:
        raise ModelError(
            "%s has no %s. Run, best in a virtual environment:\n    %s -m pip install %s"
            % (sys.executable, " and no ".join(missing), sys.executable, " ".join(missing))
        )


@contextlib.contextmanager
def nothing_printed():
    """Closes the standard output, to compiled code too: on an error the legacy exporter prints the whole graph."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def export(model, exporter, opset):
    """The bytes of the ONNX file: weights inside, one image of the model's size, `image` to `logits`."""
    import torch

    image = torch.zeros(1, model.channels, *model.size)
    settings = {"input_names": ["image"], "output_names": ["logits"], "opset_version": opset, "verbose": False}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="facetreel-export-"))
        path = os.path.join(folder, "model.onnx")
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # Of an exporter that will go one day, and of shapes that are constants here.
        stack.enter_context(nothing_printed())
        if exporter == "legacy":
            torch.onnx.export(model.network, (image,), path, dynamo=False, **settings)
        else:
            torch.onnx.export(model.network, (image,), path, dynamo=True, external_data=False, **settings)
        with open(path, "rb") as file:
            return file.read()


def first_line(error):
    """What an exception says, without the pages that exporters add."""
    lines = str(error).strip().split("[Caused by")[0].splitlines() or [""]
    return lines[0].strip()[:300] or type(error).__name__


def card_values(model, labels):
    """What the card says but for the digest; `labels`: name of the file with the names of the classes, or None."""
    height, width = model.size
    values = {
        "name": model.name,
        "mean": list(model.mean),
        "standardDeviation": list(model.standard_deviation),
        "size": height if height == width else [height, width],
        "source": model.source,
        "licence": model.licence,
    }
    if model.channels == 3:
        values["colorOrder"] = "RGB"
    if labels:
        values["labels"] = labels
    return values


def encode_labels(names, source):
    """The bytes of a file of labels. Every class has a line, whatever it is called."""
    lines = [" ".join(name.split()).lstrip("# ") or "class %d" % number for number, name in enumerate(names)]
    return "\n".join(["# Source: %s" % source] + lines + [""]).encode("utf-8")


def write(model, onnx, folder):
    """Writes the files to `folder`, the card last: it holds the digest of the network. Returns their paths."""
    path = os.path.join(folder, model.name)
    files = [(path + ".onnx", onnx)]
    if model.labels:
        files.append((path + ".labels.txt", encode_labels(model.labels, model.source)))
    card = encode_card(card_values(model, model.name + ".labels.txt" if model.labels else None), onnx)
    files.append((path + ".json", card))
    os.makedirs(folder, exist_ok=True)
    for path, data in files:
        write_atomically(data, path)
    return [path for path, _ in files]


def refuse_taken_names(name, folder):
    if not re.match(r"^\w[\w.+-]*$", name):
        raise ModelError("%s is no name of a model: letters, digits, and . + - _ within" % name)
    if name in fetch.NETWORKS and os.path.realpath(folder) == os.path.realpath(FOLDER):
        raise ModelError("Weights/%s.onnx is the one of `make weights`. Write to another folder: --output FOLDER" % name)


def arguments_of(command):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME", help="the model's name in its library: resnet50")
    parser.add_argument("--output", metavar="FOLDER", default=FOLDER, help="where to write (default: this folder)")
    parser.add_argument("--library", choices=["torchvision", "timm"], help="default: torchvision, where it has the model")
    parser.add_argument(
        "--weights", choices=["pretrained", "random"], default="pretrained", help="pretrained ones are downloaded (default)"
    )
    parser.add_argument("--exporter", choices=list(OPSETS), default="legacy", help="PyTorch's exporter (default: legacy)")
    parser.add_argument("--opset", type=int, metavar="N", help="version of ONNX's operators (default: 17, new: 18)")
    parser.add_argument("--size", type=int, metavar="N", help="side of the image (default: the model's own)")
    arguments = parser.parse_args(command)
    if arguments.size is not None and not 1 <= arguments.size <= 4096:
        parser.error("--size is from 1 to 4096")
    if arguments.opset is not None and not 7 <= arguments.opset <= 99:
        parser.error("--opset is 7 or more")
    return arguments


def main(command=None):
    arguments = arguments_of(command)
    try:
        refuse_taken_names(arguments.name, arguments.output)
        demand(arguments.library, arguments.exporter)
        model = model_of(arguments.name, arguments.library, arguments.weights == "pretrained", arguments.size, SEED)
        try:
            onnx = export(model, arguments.exporter, arguments.opset or OPSETS[arguments.exporter])
        except Exception as error:  # What the exporters raise is not bounded by any documentation.
            other = "new" if arguments.exporter == "legacy" else "legacy"
            raise ModelError(
                "the exporter cannot write %s (%s). Try --exporter %s, or another --opset."
                % (model.name, first_line(error), other)
            ) from None
        paths = write(model, onnx, arguments.output)
    except (ModelError, OSError) as error:
        print("export_torch.py: %s" % error, file=sys.stderr)
        return 1
    beside = ", ".join(os.path.basename(path) for path in paths[1:])
    print("%s: %.1f MB; beside it %s" % (paths[0], len(onnx) / 1e6, beside))
    return 0


if __name__ == "__main__":
    sys.exit(main())
