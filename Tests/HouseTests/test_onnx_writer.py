"""ONNX files: what is written is what another reader reads, and nothing that is no graph is written."""

import struct
import sys
import unittest

import onnx_reading
from onnx_writer import Graph, encode_model


def small_graph(names=("a", "b")):
    graph = Graph("small", [("image", [1, 3, "height", "width"])])
    weight = graph.initializer("weight", [2, 3, 1, 1], struct.pack("<6f", *range(6)))
    zero = graph.initializer("zero", [], bytes(4))
    attributes = {"strides": [1, 300], "group": 1, "auto_pad": "SAME_UPPER", "epsilon": 0.001, "axis": -1}
    graph.node("Conv", ["image", weight], names[0], name="first", **attributes)
    graph.node("Clip", [names[0], zero], names[1], name="")
    graph.outputs = [(names[1], [1, 2, "height", "width"])]
    return graph


class Writing(unittest.TestCase):
    def test_what_is_written_is_read(self):
        model = onnx_reading.read(encode_model(small_graph(), {"b": "2", "a": "ä"}))
        self.assertEqual((model.ir_version, model.producer, model.opset), (8, "Facetreel", [("", 13)]))
        self.assertEqual(model.metadata, {"a": "ä", "b": "2"})
        graph = model.graph
        self.assertEqual(graph.name, "small")
        self.assertEqual(graph.inputs, [("image", [1, 3, "height", "width"])])
        self.assertEqual(graph.outputs, [("b", [1, 2, "height", "width"])])
        first, second = graph.nodes
        self.assertEqual(first[:4], ("Conv", ["image", "weight"], "a", "first"))
        self.assertAlmostEqual(first.attributes.pop("epsilon"), 0.001, places=9)
        expected = {"strides": [1, 300], "group": 1, "auto_pad": "SAME_UPPER", "axis": -1}
        self.assertEqual(first.attributes, expected)
        self.assertEqual(second, ("Clip", ["a", "zero"], "b", "", {}))
        self.assertEqual(graph.initializers["weight"], (1, [2, 3, 1, 1], struct.pack("<6f", *range(6))))
        self.assertEqual(graph.initializers["zero"], (1, [], bytes(4)))

    def test_the_bytes_are_those_that_protobuf_prescribes(self):
        graph = Graph("g", [("x", ["n"])])
        graph.node("Relu", ["x"], "y", name="")
        graph.outputs = [("y", ["n"])]
        relu = "0a0178" + "120179" + "1a00" + "220452656c75"
        # A value: its name, then type { tensor { float, shape { dimension { "n" } } } }.
        kind = "120b" + "0a09" + "0801" + "1205" + "0a03" + "12016e"
        body = "0a0e" + relu + "120167" + "5a10" + "0a0178" + kind + "6210" + "0a0179" + kind
        whole = "0808" + "1209" + b"Facetreel".hex() + "3a%02x" % (len(body) // 2) + body + "4202" + "100d"
        self.assertEqual(encode_model(graph, {}).hex(), whole)

    def test_the_bytes_do_not_depend_on_the_order_of_what_has_none(self):
        first = encode_model(small_graph(), {"a": "1", "b": "2"})
        self.assertEqual(first, encode_model(small_graph(), {"b": "2", "a": "1"}))
        self.assertNotEqual(first, encode_model(small_graph(("a", "c")), {"a": "1", "b": "2"}))

    def test_lengths_beyond_a_byte_are_written(self):
        graph = Graph("g", [("x", [1])])
        graph.initializer("large", [100000], bytes(400000))
        self.assertEqual(onnx_reading.read(encode_model(graph, {})).graph.initializers["large"].shape, [100000])


class Refusals(unittest.TestCase):
    def refused(self, because, change):
        graph = small_graph()
        with self.assertRaisesRegex(ValueError, because):
            change(graph)
            encode_model(graph, {})

    def test_what_is_no_graph_is_not_written(self):
        self.refused("which nothing before it gives", lambda graph: graph.node("Relu", ["c"], "d", name=""))
        self.refused("two tensors are called b", lambda graph: graph.node("Relu", ["a"], "b", name=""))
        self.refused("two tensors are called image", lambda graph: graph.initializer("image", [], bytes(4)))
        self.refused("8 bytes for 3 numbers", lambda graph: graph.initializer("c", [3], bytes(8)))
        self.refused("nothing gives the output c", lambda graph: setattr(graph, "outputs", [("c", [1])]))


if __name__ == "__main__":
    sys.exit(unittest.main())
