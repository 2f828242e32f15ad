"""Reads a safetensors file of float32 tensors with NumPy."""

import json
import struct

import numpy


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = numpy.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"]).copy()
    return tensors
