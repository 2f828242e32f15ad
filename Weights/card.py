"""The card of a network: what its ONNX file does not say, as JSON beside it."""

import hashlib
import json

# In this order, from what every card has to what few have.
KEYS = [
    "name",
    "mean",
    "standardDeviation",
    "colorOrder",
    "size",
    "labels",
    "selections",
    "perceptualLayers",
    "standardLayer",
    "benchmarkLayers",
    "source",
    "licence",
    "sha256",
]


def encode_card(values, onnx):
    """The bytes of a card with these values (the keys that it has of KEYS, in any order) for the file with the bytes
    `onnx`, whose SHA-256 it adds. One key a line."""
    values = dict(values, sha256=hashlib.sha256(onnx).hexdigest())
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise ValueError("no card has the key %s" % unknown[0])
    lines = ["  %s: %s" % (json.dumps(key), json.dumps(values[key], ensure_ascii=False)) for key in KEYS if key in values]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")
