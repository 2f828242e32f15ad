"""State dicts of the names and shapes that the networks of `make weights` have, with few channels."""

import struct

from torch_legacy import FLOAT, LONG, RawTensor


class StateDict:
    """A state dict whose tensors all have other bytes."""

    def __init__(self):
        self.tensors = {}

    def add(self, name, *shape):
        count, number = 1, len(self.tensors)
        for extent in shape:
            count *= extent
        data = struct.pack("<%df" % count, *(number + index / 1000 for index in range(count)))
        self.tensors[name] = RawTensor(FLOAT, shape, data)

    def normalization(self, name, channels):
        for part in ["weight", "bias", "running_mean", "running_var"]:
            self.add("%s.%s" % (name, part), channels)
        self.tensors[name + ".num_batches_tracked"] = RawTensor(LONG, (), bytes(8))


def mobilenet_v2(stages=((1, 2, 1), (6, 3, 2), (6, 4, 3), (6, 5, 4), (6, 6, 3), (6, 7, 3), (6, 8, 1))):
    """`stages`: expansion, channels, repeats."""
    state = StateDict()
    state.add("features.0.0.weight", 4, 3, 3, 3)
    state.normalization("features.0.1", 4)
    block, channels = 1, 4
    for expansion, outputs, repeats in stages:
        for _ in range(repeats):
            prefix, inside = "features.%d.conv." % block, channels * expansion
            layers = [(inside, channels, 1)] if expansion > 1 else []
            layers += [(inside, 1, 3), (outputs, inside, 1)]
            for index, (rows, columns, side) in enumerate(layers):
                state.add("%s%d.weight" % (prefix, 3 * index), rows, columns, side, side)
                state.normalization("%s%d" % (prefix, 3 * index + 1), rows)
            block, channels = block + 1, outputs
    state.add("features.18.0.weight", 9, channels, 1, 1)
    state.normalization("features.18.1", 9)
    return state.tensors


def efficientnet_lite0(stages=((1, 2, 1, 3), (6, 3, 2, 3), (6, 4, 2, 5), (6, 5, 3, 3), (6, 6, 3, 5), (6, 7, 4, 5), (6, 8, 1, 3))):
    """`stages`: expansion, channels, repeats, side of the kernel."""
    state = StateDict()
    state.add("_conv_stem.weight", 4, 3, 3, 3)
    state.normalization("_bn0", 4)
    block, channels = 0, 4
    for expansion, outputs, repeats, side in stages:
        for _ in range(repeats):
            prefix, inside = "_blocks.%d." % block, channels * expansion
            if expansion > 1:
                state.add(prefix + "_expand_conv.weight", inside, channels, 1, 1)
                state.normalization(prefix + "_bn0", inside)
            state.add(prefix + "_depthwise_conv.weight", inside, 1, side, side)
            state.normalization(prefix + "_bn1", inside)
            state.add(prefix + "_project_conv.weight", outputs, inside, 1, 1)
            state.normalization(prefix + "_bn2", outputs)
            block, channels = block + 1, outputs
    state.add("_conv_head.weight", 9, channels, 1, 1)
    state.normalization("_bn1", 9)
    state.add("_fc.weight", 10, 9)
    state.add("_fc.bias", 10)
    return state.tensors
