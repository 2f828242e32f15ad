"""MobileNetV2 of `make weights` in PyTorch. That file's weights come from Keras, whose names torchvision's model does
not have."""

import torch
from torch import nn

import peer_torch
from weights import read_onnx

SIDE = 224
# As the network's card has it.
NORMALIZATION = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
GROUPS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class Block(nn.Module):
    """An inverted residual block with BatchNorm folded, PyTorch's own fastest form of it."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        steps = [] if expansion == 1 else [nn.Conv2d(inputs, hidden, 1), nn.ReLU6()]
        steps += [nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden), nn.ReLU6(), nn.Conv2d(hidden, outputs, 1)]
        self.steps = nn.Sequential(*steps)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.steps(x) if self.residual else self.steps(x)


def fold(convolution, tensors, name, norm):
    """Loads a convolution with its BatchNorm folded in; both have Keras' names."""
    scale = tensors[norm + "/gamma"] / torch.sqrt(tensors[norm + "/moving_variance"] + 1e-5)
    convolution.weight.data = tensors[name + "/kernel"] * scale[:, None, None, None]
    convolution.bias.data = tensors[norm + "/beta"] - tensors[norm + "/moving_mean"] * scale


def model(path):
    """Up to the end of the last block, block_16."""
    tensors = {name: torch.from_numpy(values) for name, values in read_onnx(path).items()}
    features = [nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU6())]
    fold(features[0][0], tensors, "Conv1", "bn_Conv1")
    channels = 32
    for expansion, outputs, repetitions, first_stride in GROUPS:
        for repetition in range(repetitions):
            block = Block(channels, outputs, first_stride if repetition == 0 else 1, expansion)
            prefix = "expanded_conv" if expansion == 1 else f"block_{len(features) - 1}"
            steps = ("expand", "depthwise", "project")[expansion == 1 :]
            convolutions = [step for step in block.steps if isinstance(step, nn.Conv2d)]
            for step, convolution in zip(steps, convolutions, strict=True):
                fold(convolution, tensors, f"{prefix}_{step}", f"{prefix}_{step}_BN")
            features.append(block)
            channels = outputs
    return peer_torch.frozen(nn.Sequential(*features))
