"""Writes ONNX files whose bytes depend on their contents alone, with the standard library.

An ONNX file is one protobuf message. Fields are written in the order of their numbers, and nothing that a protobuf
writer may choose is left open, so that equal graphs give equal bytes, those of the `onnx` package. Field numbers:
onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, IR version 8).
"""

import struct

IR_VERSION = 8
OPSET_VERSION = 13
PRODUCER = "Facetreel"

FLOAT_TENSOR = 1  # TensorProto.DataType.FLOAT
FLOAT, INT, STRING, INTS = 1, 2, 3, 7  # AttributeProto.AttributeType

VARINT, LENGTH_DELIMITED, FIXED_32 = 0, 2, 5  # protobuf's wire types


class Graph:
    """Nodes in the order in which they run, and the weights they use.

    Inputs and outputs are (name, dimensions); a dimension is a number, or a text where any size will do.
    """

    def __init__(self, name, inputs):
        self.name = name
        self.inputs = list(inputs)
        self.outputs = []
        self._nodes = []
        self._initializers = []
        self._tensors = {name for name, _ in self.inputs}

    def initializer(self, name, shape, data):
        """Adds a float32 tensor of `shape`, given as its little-endian bytes, row by row; returns its name."""
        count = 1
        for extent in shape:
            count *= extent
        if len(data) != 4 * count:
            raise ValueError("%s: %d bytes for %d numbers" % (name, len(data), count))
        self._add(name)
        self._initializers.append(_tensor(name, shape, data))
        return name

    def node(self, operator, inputs, output, name, **attributes):
        """Adds a node with one output; returns the output's name. An attribute is a number, a text or a list of ints."""
        for tensor in inputs:
            if tensor not in self._tensors:
                raise ValueError("%s reads %s, which nothing before it gives" % (output, tensor))
        self._add(output)
        self._nodes.append(_node(operator, inputs, output, name, attributes))
        return output

    def encode(self):
        """The bytes of its GraphProto."""
        for name, _ in self.outputs:
            if name not in self._tensors:
                raise ValueError("nothing gives the output %s" % name)
        parts = [_message(1, node) for node in self._nodes]
        parts.append(_text(2, self.name))
        parts += [_message(5, initializer) for initializer in self._initializers]
        parts += [_message(11, _value(name, dimensions)) for name, dimensions in self.inputs]
        parts += [_message(12, _value(name, dimensions)) for name, dimensions in self.outputs]
        return b"".join(parts)

    def _add(self, tensor):
        if tensor in self._tensors:
            raise ValueError("two tensors are called %s" % tensor)
        self._tensors.add(tensor)


def encode_model(graph, metadata):
    """The bytes of an ONNX file; `metadata` (text -> text) is sorted by key."""
    parts = [_integer(1, IR_VERSION), _text(2, PRODUCER), _message(7, graph.encode())]
    # The operators' domain is left out: the standard one.
    parts.append(_message(8, _integer(2, OPSET_VERSION)))
    parts += [_message(14, _text(1, key) + _text(2, value)) for key, value in sorted(metadata.items())]
    return b"".join(parts)


def _node(operator, inputs, output, name, attributes):
    parts = [_text(1, tensor) for tensor in inputs]
    parts += [_text(2, output), _text(3, name), _text(4, operator)]
    parts += [_message(5, _attribute(key, value)) for key, value in sorted(attributes.items())]
    return b"".join(parts)


def _attribute(name, value):
    if isinstance(value, float):
        return _text(1, name) + _key(2, FIXED_32) + struct.pack("<f", value) + _integer(20, FLOAT)
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, INT)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _integer(20, STRING)
    return _text(1, name) + b"".join(_integer(8, item) for item in value) + _integer(20, INTS)


def _tensor(name, shape, data):
    dimensions = b"".join(_integer(1, extent) for extent in shape)
    return dimensions + _integer(2, FLOAT_TENSOR) + _text(8, name) + _message(9, data)


def _value(name, dimensions):
    """The ValueInfoProto of a float32 tensor."""
    shape = b"".join(
        _message(1, _text(2, extent) if isinstance(extent, str) else _integer(1, extent)) for extent in dimensions
    )
    tensor_type = _integer(1, FLOAT_TENSOR) + _message(2, shape)
    return _text(1, name) + _message(2, _message(1, tensor_type))


def _varint(value):
    if value < 0:
        value += 1 << 64  # As protobuf writes an int64: two's complement.
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _key(number, wire_type):
    return _varint(number << 3 | wire_type)


def _integer(number, value):
    return _key(number, VARINT) + _varint(value)


def _message(number, content):
    return _key(number, LENGTH_DELIMITED) + _varint(len(content)) + content


def _text(number, value):
    return _message(number, value.encode("utf-8"))
