"""Reads ONNX files as the tests need them, from the protobuf format alone; knows nothing of the writer."""

import collections
import struct

Model = collections.namedtuple("Model", "ir_version producer opset metadata graph")
Graph = collections.namedtuple("Graph", "name nodes initializers inputs outputs")
Node = collections.namedtuple("Node", "operator inputs output name attributes")
Initializer = collections.namedtuple("Initializer", "type shape data")


def fields(data):
    """Field number -> its values in order: ints, or bytes."""
    found, at = collections.defaultdict(list), 0

    def varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << 64) if value >= 1 << 63 else value

    while at < len(data):
        number, wire_type = divmod(varint(), 8)
        if wire_type == 0:
            found[number].append(varint())
            continue
        length = {2: varint, 5: lambda: 4, 1: lambda: 8}[wire_type]()
        content = data[at : at + length]
        assert len(content) == length, "a field reaches beyond its message"
        found[number].append(bytes(content))
        at += length
    return found


def text(values):
    return values[0].decode() if values else ""


def attribute(content):
    found = fields(content)
    kind = found[20][0]
    if kind == 1:
        return text(found[1]), struct.unpack("<f", found[2][0])[0]
    return text(found[1]), {2: lambda: found[3][0], 3: lambda: text(found[4]), 7: lambda: found[8]}[kind]()


def node(content):
    found = fields(content)
    (output,) = found[2]
    attributes = dict(attribute(value) for value in found[5])
    return Node(text(found[4]), [name.decode() for name in found[1]], output.decode(), text(found[3]), attributes)


def value(content):
    """(name, dimensions) of a float tensor."""
    found = fields(content)
    tensor = fields(fields(found[2][0])[1][0])
    assert tensor[1] == [1], "not float32"
    sizes = [fields(dimension) for dimension in fields(tensor[2][0])[1]]
    return text(found[1]), [size[1][0] if size[1] else text(size[2]) for size in sizes]


def read(data):
    """The Model that is `data`, the bytes of an ONNX file."""
    model = fields(data)
    graph = fields(model[7][0])
    initializers = {}
    for content in graph[5]:
        found = fields(content)
        assert text(found[8]) not in initializers, "two initializers of one name"
        initializers[text(found[8])] = Initializer(found[2][0], found[1], found[9][0])
    metadata = {text(fields(entry)[1]): text(fields(entry)[2]) for entry in model[14]}
    opsets = [(text(fields(entry)[1]), fields(entry)[2][0]) for entry in model[8]]
    return Model(
        model[1][0],
        text(model[2]),
        opsets,
        metadata,
        Graph(
            text(graph[2]),
            [node(content) for content in graph[1]],
            initializers,
            [value(content) for content in graph[11]],
            [value(content) for content in graph[12]],
        ),
    )
