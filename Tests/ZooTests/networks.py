"""The networks of the zoo: 19 of torchvision and 48 of timm, every family that is made of convolutions.

Each line says what the network brings that those before it do not. Sizes are [height, width], not square, so that an
exchange of the axes shows; 96 x 128 leaves 3 x 4 positions at the end of most networks.
"""

USUAL_SIZE = (96, 128)

# Networks whose size is no free choice.
SIZES = {
    "torchvision/alexnet": (224, 224),  # AdaptiveAvgPool2d(6) can be exported at its native size alone
    "torchvision/vgg11_bn": (224, 224),  # the same with 7
    "torchvision/inception_v3": (107, 139),  # unpadded convolutions: 75 at least
    "timm/inception_v4": (107, 139),
    "timm/inception_resnet_v2": (107, 139),
}

TORCHVISION = {
    "alexnet": "11x11 with stride 4, three Gemm behind a Flatten of a map",
    "vgg11_bn": "plain convolutions with biases, batch normalisation behind",
    "resnet18": "residual sums",
    "resnet50": "bottlenecks, 1x1 with stride 2",
    "resnext50_32x4d": "32 groups",
    "wide_resnet50_2": "wide bottlenecks",
    "densenet121": "concatenations, batch normalisation in front of the convolution",
    "googlenet": "branches, ceil_mode, transform_input (Gather on channels)",
    "inception_v3": "1x7 and 7x1, average pools with their pads counted",
    "squeezenet1_1": "fire modules, logits without a Gemm",
    "mobilenet_v2": "depthwise convolutions, Clip",
    "mobilenet_v3_large": "hard-swish, gates of a hard sigmoid",
    "mobilenet_v3_small": "the same, 5x5 with stride 2",
    "shufflenet_v2_x1_0": "channel shuffle: 5-D Reshape and Transpose",
    "mnasnet1_0": "5x5 depthwise",
    "efficientnet_b0": "SiLU and squeeze-excite",
    "efficientnet_v2_s": "fused inverted residuals",
    "regnet_y_400mf": "groups of 8, squeeze-excite of a ReLU",
    "convnext_tiny": "layer normalisation over channels, Gelu, patches, MatMul on channels last",
}

TIMM = {
    "resnet26d": "deep stem, average pool in the shortcut",
    "seresnext26d_32x4d": "groups and squeeze-excite",
    "ecaresnet26t": "efficient channel attention: a one-dimensional convolution over channels",
    "skresnet18": "selective kernels: softmax over two branches",
    "resnest14d": "split attention: radix softmax",
    "res2net50_26w_4s": "a chain of splits inside a block",
    "resnetblur50": "blur pool: reflecting pads, constant depthwise kernels",
    "semnasnet_075": "MnasNet with squeeze-excite",
    "resnetv2_50": "pre-activation",
    "resnetv2_50x1_bit": "standardised weights, group normalisation",
    "nf_regnet_b0": "scaled standardised weights, no normalisation",
    "eca_nfnet_l0": "the same with channel attention and SiLU",
    "dm_nfnet_f0": "the same with Gelu and padding SAME",
    "densenetblur121d": "DenseNet with blur pools",
    "dpn48b": "dual paths: slices of channels, sums and concatenations",
    "dla34": "deep layer aggregation: trees",
    "convmixer_1024_20_ks9_p14": "padding 'same' of large depthwise kernels, patches of 14",
    "hrnet_w18_small": "four resolutions at a time, Resize nearest",
    "ese_vovnet19b_dw": "one-shot aggregation, effective squeeze-excite",
    "selecsls42b": "selective short and long skips",
    "cspresnext50": "cross-stage partial networks",
    "cspdarknet53": "LeakyReLU, Split of channels",
    "cs3darknet_s": "the third form of CSP",
    "starnet_s1": "products of two branches",
    "xception41": "separable convolutions, aligned",
    "inception_v4": "stems of many branches",
    "inception_resnet_v2": "scaled residuals",
    "pnasnet5large": "cells found by search, separable 7x7, average pools without their pads, padding SAME",
    "ghostnet_100": "ghost modules: cheap depthwise halves, Slice",
    "ghostnetv2_100": "attention of pooled maps, resized back",
    "tf_mixnet_s": "kernels of several sizes in one layer, padding SAME",
    "tinynet_e": "EfficientNet made thin",
    "tf_efficientnetv2_b0": "padding SAME",
    "efficientnet_es": "edge residuals",
    "regnetz_005": "inverted bottlenecks with groups",
    "convnext_atto": "ConvNeXt with convolutions as its layers",
    "convnextv2_atto": "global response normalisation: ReduceL2",
    "hardcorenas_a": "hard-swish and squeeze-excite by search",
    "fbnetc_100": "no activation behind some blocks",
    "fbnetv3_b": "hard-swish",
    "rexnet_100": "partial residuals: sums over the first channels alone",
    "lcnet_050": "hard-swish without residuals",
    "mobilenetv4_conv_small": "universal inverted bottlenecks",
    "repvgg_a0": "three branches with batch normalisations of their own",
    "mobileone_s0": "many branches, unfused",
    "hgnetv2_b0": "learnable affine blocks, padding on one side",
    "fasternet_t0": "partial convolutions: Split, convolve one part, Concat",
    "inception_next_atto": "depthwise 11x1 and 1x11 on splits, MLP head",
}

# Networks that the program is known not to run, with the reason; they must fail, and say why.
KNOWN_FAILURES = {}


def names():
    """All networks, as `torchvision/NAME` and `timm/NAME`."""
    return [f"torchvision/{name}" for name in TORCHVISION] + [f"timm/{name}" for name in TIMM]
