"""The networks of `make weights`: their graphs, made from state dicts of the right names with few channels; their cards;
and the files, where they are there."""

import hashlib
import json
import os
import struct
import unittest

import efficientnet_lite0
import fetching
import mobilenet_v2
import onnx_reading
import state_dicts
from card import encode_card
from onnx_writer import encode_model
from torch_legacy import FLOAT

NETWORKS = [mobilenet_v2.NETWORK, efficientnet_lite0.NETWORK]
IMAGE = "image"


def graph_of(network, state):
    tensors = fetching.Tensors(state)
    graph = network.build(tensors)
    assert tensors.left == [], tensors.left
    return onnx_reading.read(encode_model(graph, {})).graph


def module_path(node):
    """What the exporter's names say of a node's module: each part repeats the one before, where it has a dot."""
    path = []
    for part in node.name.split("/")[1:-1]:
        if path and part.startswith(path[-1] + "."):
            path.pop()
        path.append(part)
    return ".".join(path)


class Graphs(unittest.TestCase):
    def setUp(self):
        self.states = {"mobilenet_v2": state_dicts.mobilenet_v2(), "efficientnet_lite0": state_dicts.efficientnet_lite0()}
        self.graphs = {network.name: graph_of(network, self.states[network.name]) for network in NETWORKS}

    def test_the_state_dicts_here_have_as_many_tensors_as_the_real_ones(self):
        self.assertEqual({name: len(state) for name, state in self.states.items()}, {"mobilenet_v2": 312, "efficientnet_lite0": 296})

    def test_every_tensor_is_carried_over_unchanged(self):
        for name, graph in self.graphs.items():
            state = [tensor for tensor in self.states[name].values() if tensor.type == FLOAT]
            kept = [tensor for tensor in graph.initializers.values() if tensor.shape]
            expected = sorted((tensor.data, list(tensor.shape)) for tensor in state)
            self.assertEqual(sorted((tensor.data, tensor.shape) for tensor in kept), expected)
        bounds = [tensor.data for tensor in graph.initializers.values() if not tensor.shape]
        self.assertEqual(bounds, [struct.pack("<f", 0), struct.pack("<f", 6)])

    def test_each_weight_meets_the_convolution_it_fits(self):
        """Following channels and groups through the graph."""
        for name, graph in self.graphs.items():
            channels = {IMAGE: 3}
            for node in graph.nodes:
                inputs = [channels[tensor] for tensor in node.inputs if tensor in channels]
                shapes = [graph.initializers[tensor].shape for tensor in node.inputs if tensor in graph.initializers]
                units = inputs[0]
                if node.operator == "Conv":
                    units, inside = shapes[0][:2]
                    self.assertEqual(inside * node.attributes["group"], inputs[0], node.output)
                    self.assertEqual(node.attributes["kernel_shape"], shapes[0][2:], node.output)
                elif node.operator == "BatchNormalization":
                    self.assertEqual(shapes, [[units]] * 4, node.output)
                elif node.operator == "Add":
                    self.assertEqual(inputs, [units, units], node.output)
                elif node.operator == "Gemm":
                    self.assertEqual(shapes, [[10, units], [10]], node.output)
                    units = 10
                channels[node.output] = units
            self.assertEqual(graph.outputs[0][1][:2], [1, channels[graph.outputs[0][0]]], name)
            self.assertEqual(graph.inputs, [(IMAGE, [1, 3, "height", "width"])])

    def test_each_layer_has_its_own_weights_in_the_order_that_onnx_wants(self):
        parts = {
            "Conv": ["weight"],
            "BatchNormalization": ["weight", "bias", "running_mean", "running_var"],
            "Gemm": ["weight", "bias"],
        }
        sources = {}
        for name, graph in self.graphs.items():
            names = {tensor.data: key for key, tensor in self.states[name].items()}
            for node in graph.nodes:
                found = [names[graph.initializers[tensor].data] for tensor in node.inputs[1:] if node.operator in parts]
                if found:
                    sources[node.output if name == "mobilenet_v2" else module_path(node)] = module = found[0][: -len(".weight")]
                    self.assertEqual(found, [module + "." + part for part in parts[node.operator]])
        for layer, source in {
            "expanded_conv_project": "features.1.conv.3",
            "block_3_expand_BN": "features.4.conv.1",
            "block_3_depthwise": "features.4.conv.3",
            "block_16_project_BN": "features.17.conv.7",
            "blocks.0.0.conv_pw": "_blocks.0._project_conv",
            "blocks.3.1.bn2": "_blocks.6._bn1",
            "blocks.6.0.conv_pwl": "_blocks.15._project_conv",
            "bn2": "_bn1",
        }.items():
            self.assertEqual(sources[layer], source)

    def test_strides_and_paddings(self):
        convolutions = [node for node in self.graphs["mobilenet_v2"].nodes if node.operator == "Conv"]
        strided = [node.output for node in convolutions if node.attributes["strides"] == [2, 2]]
        self.assertEqual(strided, ["Conv1"] + ["block_%d_depthwise" % block for block in [1, 3, 6, 13]])
        for node in convolutions:
            border = node.attributes["kernel_shape"][0] // 2
            self.assertEqual(node.attributes["pads"], [border] * 4, node.output)
        convolutions = [node for node in self.graphs["efficientnet_lite0"].nodes if node.operator == "Conv"]
        strided = [module_path(node) for node in convolutions if node.attributes["strides"] == [2, 2]]
        self.assertEqual(strided, ["conv_stem"] + ["blocks.%d.0.conv_dw" % stage for stage in [1, 2, 3, 5]])
        for node in convolutions:
            self.assertEqual(node.attributes["auto_pad"], "SAME_UPPER", node.name)
            self.assertNotIn("pads", node.attributes, node.name)

    def test_batch_normalization_is_that_of_the_training(self):
        for name, epsilon in [("mobilenet_v2", 1e-5), ("efficientnet_lite0", 1e-3)]:
            found = {node.attributes["epsilon"] for node in self.graphs[name].nodes if node.operator == "BatchNormalization"}
            self.assertEqual(found, {struct.unpack("<f", struct.pack("<f", epsilon))[0]})

    def test_mobilenet_has_keras_names(self):
        graph = self.graphs["mobilenet_v2"]
        names = [node.output for node in graph.nodes]
        self.assertEqual(names, [node.name for node in graph.nodes])
        self.assertEqual(names[:3], ["Conv1", "bn_Conv1", "Conv1_relu"])
        first = ["depthwise", "depthwise_BN", "depthwise_relu", "project", "project_BN"]
        self.assertEqual(names[3:8], ["expanded_conv_" + part for part in first])
        self.assertEqual(names[8:16], ["block_1_" + part for part in ["expand", "expand_BN", "expand_relu"] + first])
        self.assertEqual(names[-4:], ["block_16_project_BN", "Conv_1", "Conv_1_bn", "out_relu"])
        self.assertEqual(sum(name.endswith("_project_BN") for name in names), 17)
        blocks = [2, 4, 5, 7, 8, 9, 11, 12, 14, 15]
        self.assertEqual([name for name in names if name.endswith("_add")], ["block_%d_add" % block for block in blocks])
        (add,) = [node for node in graph.nodes if node.output == "block_5_add"]
        self.assertEqual(add.inputs, ["block_4_add", "block_5_project_BN"])
        # No name may look like a module's: the tensors' names are the layers'.
        self.assertFalse([name for name in names if "/" in name or "." in name])
        self.assertFalse([name for name in graph.initializers if name.endswith((".weight", ":0"))])

    def test_lite0_has_timms_names(self):
        graph = self.graphs["efficientnet_lite0"]
        paths = [module_path(node) for node in graph.nodes]
        self.assertEqual(paths[:3], ["conv_stem", "bn1", "bn1.act"])
        first = ["conv_dw", "bn1", "bn1.act", "conv_pw", "bn2"]
        self.assertEqual(paths[3:8], ["blocks.0.0." + part for part in first])
        other = ["conv_pw", "bn1", "bn1.act", "conv_dw", "bn2", "bn2.act", "conv_pwl", "bn3"]
        self.assertEqual(paths[8:16], ["blocks.1.0." + part for part in other])
        # A block's own name is that of its sum; where it has none, of its last layer.
        self.assertEqual(paths[16:25], ["blocks.1.1." + part for part in other] + ["blocks.1.1"])
        self.assertEqual(paths[-6:], ["conv_head", "bn2", "bn2.act", "global_pool.pool", "global_pool.flatten", "classifier"])
        self.assertEqual(graph.nodes[-1].output, "logits")
        self.assertEqual(graph.nodes[8].name, "/blocks/blocks.1/blocks.1.0/conv_pw/Conv")
        for node, path in zip(graph.nodes, paths):
            if node.operator in ["Conv", "Gemm"]:
                self.assertEqual(node.inputs[1], path + ".weight")
        self.assertEqual(efficientnet_lite0.block_names()[3:8], ["blocks.2.0", "blocks.2.1", "blocks.3.0", "blocks.3.1", "blocks.3.2"])


class Cards(unittest.TestCase):
    def test_layers_that_a_card_names_are_in_the_graph(self):
        mobilenet = {node.output for node in graph_of(NETWORKS[0], state_dicts.mobilenet_v2()).nodes}
        lite0 = set()
        for node in graph_of(NETWORKS[1], state_dicts.efficientnet_lite0()).nodes:
            parts = module_path(node).split(".")
            lite0 |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        for network, layers in zip(NETWORKS, [mobilenet, lite0]):
            card = network.card
            named = card["perceptualLayers"] + [card["standardLayer"]] + card["benchmarkLayers"]
            for selection in card["selections"].values():
                named += selection if isinstance(selection, list) else [selection]
            self.assertEqual([name for name in named if "*" not in name and name not in layers], [])
            self.assertEqual(len(card["perceptualLayers"]), 5)

    def test_a_card_has_one_key_a_line_and_no_unknown_one(self):
        card = encode_card({"size": 224, "name": "Ä"}, b"onnx").decode("utf-8")
        self.assertEqual(card.splitlines()[:3], ["{", '  "name": "Ä",', '  "size": 224,'])
        digest = hashlib.sha256(b"onnx").hexdigest()
        self.assertEqual(json.loads(card), {"name": "Ä", "size": 224, "sha256": digest})
        with self.assertRaisesRegex(ValueError, "no card has the key colour"):
            encode_card({"colour": 1}, b"")

    def test_the_files_that_are_there_are_the_pinned_ones(self):
        for network in NETWORKS:
            with self.subTest(network=network.name):
                if not os.path.exists(fetching.onnx_path(network)):
                    self.skipTest("%s.onnx is absent: run `make weights`" % network.name)
                self.assertTrue(fetching.is_up_to_date(network), "run `make weights`")
                with open(fetching.card_path(network), encoding="utf-8") as file:
                    card = json.load(file)
                self.assertEqual(card["sha256"], fetching.sha256(fetching.onnx_path(network)))
                self.assertEqual({key: card[key] for key in network.card}, network.card)
                with open(fetching.onnx_path(network), "rb") as file:
                    model = onnx_reading.read(file.read())
                self.assertEqual(model.metadata["licence"], card["licence"])


class Pins(unittest.TestCase):
    def test_every_network_pins_its_wheel_and_both_results(self):
        for network in NETWORKS:
            requirement, digest = fetching.pinned_requirement(network.wheel)
            name, version = requirement.split("==")
            self.assertTrue(network.wheel.file.startswith("%s-%s-py" % (name.replace("-", "_"), version)), requirement)
            for pin in [digest, network.onnx_sha256, network.card_sha256]:
                self.assertRegex(pin, "^[0-9a-f]{64}$")


class Labels(unittest.TestCase):
    def test_there_are_a_thousand_names_in_the_order_of_the_classes(self):
        with open(os.path.join(fetching.FOLDER, efficientnet_lite0.NETWORK.card["labels"]), encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.assertEqual(lines.pop(), "")
        names = [line for line in lines if not line.startswith("#")]
        self.assertEqual(len(names), 1000)
        self.assertEqual(len(set(names)), 1000)
        self.assertEqual([name for name in names if name != name.strip() or not name], [])
        for name, number in {
            "tench": 0,
            "goldfinch": 11,
            "golden retriever": 207,
            "tabby": 281,
            "tiger cat": 282,
            "church": 497,
            "school bus": 779,
            "strawberry": 949,
            "pizza": 963,
            "volcano": 980,
            "toilet tissue": 999,
        }.items():
            self.assertEqual(names.index(name), number)
        header = "\n".join(line for line in lines if line.startswith("#"))
        self.assertIn("Source:", header)
        self.assertIn("BSD-3-Clause", header)


if __name__ == "__main__":
    unittest.main()
