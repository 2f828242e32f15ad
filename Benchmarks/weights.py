"""The weights of an ONNX file as NumPy arrays."""

import onnx
from onnx import numpy_helper


def read_onnx(path):
    """By name, as the file has them: `block_1_expand/kernel`, `block_1_expand_BN/gamma`."""
    return {tensor.name: numpy_helper.to_array(tensor).copy() for tensor in onnx.load(path).graph.initializer}
