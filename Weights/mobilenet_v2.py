"""What the weights file says about the network: its layers in order, and how its input is prepared."""

# Blocks of MobileNetV2 (Sandler et al. 2018, table 2): expansion, output channels, repeats, stride of the first.
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def layer_names():
    """Every layer in network order, under its Keras name."""
    names = ["Conv1_relu"]
    block, channels = 0, 32
    for expansion, outputs, repeats, first_stride in STAGES:
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            prefix = "block_%d" % block if block > 0 else "expanded_conv"
            if expansion > 1:
                names.append(prefix + "_expand_relu")
            names += [prefix + "_depthwise_relu", prefix + "_project_BN"]
            if stride == 1 and channels == outputs:
                names.append(prefix + "_add")
            channels = outputs
            block += 1
    return names + ["out_relu"]


METADATA = {
    "network": "MobileNetV2, width 1.0, ImageNet, without classifier",
    # Per channel (RGB) on 0...1: the network sees (x - mean) / std.
    "normalization_mean": "0.485,0.456,0.406",
    "normalization_std": "0.229,0.224,0.225",
    # Stride-2 convolutions pad 1 on each side; "after" would be Keras' (0 before, 1 after).
    "padding": "symmetric",
    "layers": ",".join(layer_names()),
}
