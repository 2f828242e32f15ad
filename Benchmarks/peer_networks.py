"""The networks of `make bench-peers`: where each is cut, and how it is made.

But for MobileNetV2, whose trained weights `make weights` has already, weights are random: time does not depend on them
as long as activations neither vanish nor explode, and nothing of hundreds of megabytes has to be downloaded. A network
is a NAME.onnx with its card, as Weights/export_torch.py writes them, and a NAME.safetensors with the same weights for
PyTorch, so that files made long ago still fit whatever a newer PyTorch draws from the seed.
"""

import os
import sys
from dataclasses import dataclass

import torch
from safetensors.torch import load_file
from safetensors.torch import save as encode_safetensors
from torch import nn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# How a model becomes a file is the exporter's knowledge, how random weights live that of the zoo. Behind everything
# else, as the names of these modules are common words.
sys.path += [os.path.join(ROOT, "Weights"), os.path.join(ROOT, "Tests", "ZooTests")]

import export_torch
import images
from atomic_file import write_atomically
from building import draw_small_parameters, settle
from torch_models import model_of

import peer_mobilenet
import peer_torch

# Of the images by which random weights are settled.
SETTLING, SETTLING_SEED = 4, 1


@dataclass(frozen=True)
class Network:
    """- layer: Facetreel's name of the last layer that is run.
    - module: the torch module whose output that is, once BatchNorm is folded.
    - library: of the model; None for MobileNetV2 of `make weights`."""

    name: str
    layer: str
    module: str
    library: str | None = "torchvision"


# Every network to its last convolution, nothing of the classifier; the 1x1 convolutions of a squeeze-excite do not
# count. Where that convolution is one, all sides end with its own output: BatchNorm folded in, no activation behind
# (MobileNetV2 with the last of its blocks, in front of the 1x1 convolution that widens it; DenseNet with 32 channels,
# before they are joined with the others). The Inceptions end with several at a time: all sides end with their joined
# branches, ReLU included. ConvNeXt's last block has its pointwise convolutions written as matrix products behind the
# last Conv: all sides end with the whole block.
NETWORKS = [
    Network("mobilenet_v2", "block_16_project_BN", "block_16", None),
    Network("tf_efficientnet_lite0", "conv_head", "conv_head", "timm"),
    Network("mobilenet_v3_large", "features.16.0", "features.16.0"),
    Network("densenet121", "features.denseblock4.denselayer16.conv2", "features.denseblock4.denselayer16.conv2"),
    Network("googlenet", "inception5b", "inception5b"),
    Network("resnet50", "layer4.2.conv3", "layer4.2.conv3"),
    Network("inception_v3", "Mixed_7c", "Mixed_7c"),
    Network("convnext_tiny", "features.7.2", "features.7.2"),
    Network("vgg16", "features.28", "features.28"),
]


@dataclass(frozen=True)
class Prepared:
    """What contestants need: the ONNX file, the same network in PyTorch (folded, cut behind the layer), the side of its
    image, and what is subtracted of each color in 0...1 and what the rest is divided by."""

    path: str
    model: nn.Module
    side: int
    normalization: tuple


def prepare(network, cache):
    """The files of a network, made unless they are there, and its PyTorch side."""
    if network.library is None:
        path = os.path.join(ROOT, "Weights", network.name + ".onnx")
        if not os.path.exists(path):
            raise FileNotFoundError("there is no Weights/%s.onnx; `make weights` makes it" % network.name)
        return Prepared(path, peer_mobilenet.model(path), peer_mobilenet.SIDE, peer_mobilenet.NORMALIZATION)
    model = model_of(network.name, network.library, pretrained=False, size=None, seed=export_torch.SEED)
    drop_large_classifier(model.network)
    base = os.path.join(cache, network.name)
    if all(os.path.exists(base + suffix) for suffix in (".safetensors", ".onnx", ".json")):
        model.network.load_state_dict(load_file(base + ".safetensors"))
    else:
        make_files(model, base)
    cut = peer_torch.cut_efficientnet if network.library == "timm" else peer_torch.cut
    return Prepared(base + ".onnx", cut(model.network, network.module), model.size[0],
                    (model.mean, model.standard_deviation))


def drop_large_classifier(model):
    """VGG's three matrices are 494 MB that nothing here runs; a small one in their place still gives logits."""
    if isinstance(getattr(model, "classifier", None), nn.Sequential) and model.classifier[0].__class__ is nn.Linear:
        if model.classifier[0].in_features > 10_000:
            model.classifier = nn.Linear(model.classifier[0].in_features, 10)


def make_files(model, base):
    """Gives a model weights under which it lives, and writes them; the card comes last."""
    with torch.no_grad():
        draw_small_parameters(model.network)
        drawn = images.draw(SETTLING, model.size, SETTLING_SEED)
        settle(model.network, images.normalized(drawn, (model.mean, model.standard_deviation), torch.float32))
    os.makedirs(os.path.dirname(base), exist_ok=True)
    write_atomically(encode_safetensors(model.network.state_dict()), base + ".safetensors")
    exported = export_torch.export(model, "legacy", export_torch.OPSETS["legacy"])
    export_torch.write(model, exported, os.path.dirname(base))
