"""Numbers of the original PyTorch module in float64: mean activations and gradients, for images far from kinks."""
import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

import images
from comparison import gradient_error

# Images drawn, of which those are taken whose values keep farthest from kinks: a value that rounds to the other side of
# one changes the gradient by up to 2e-2.
CANDIDATES = 12
BATCH = 6
IMAGES = 6
# Images beside an image, and how far each of their values lies from its own: about as far as normalising it in float32
# rounds.
NEIGHBOURS = 3
ROUNDING = 1e-7
# Units drawn for each layer with a gradient.
UNITS = 9


class Margins(TorchDispatchMode):
    """While it lasts: how near any value comes to a kink, as a part of its tensor's root mean square, per image."""

    KINKS = {
        "relu": (0.0,), "relu_": (0.0,), "leaky_relu": (0.0,), "leaky_relu_": (0.0,), "_prelu_kernel": (0.0,),
        "hardswish": (-3.0, 3.0), "hardswish_": (-3.0, 3.0), "hardsigmoid": (-3.0, 3.0), "hardsigmoid_": (-3.0, 3.0),
    }

    def __init__(self, count):
        super().__init__()
        self.nearest = torch.full((count,), torch.inf, dtype=torch.float64)

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        if name in self.KINKS:
            self.note(args[0], self.KINKS[name])
        elif name in ("hardtanh", "hardtanh_", "clamp"):
            bounds = (list(args[1:3]) + [-1.0, 1.0][len(args) - 1 :])
            self.note(args[0], [bound for bound in bounds if bound is not None])
        elif name == "max_pool2d_with_indices":
            self.note_pool(*args)
        return function(*args, **(kwargs or {}))

    def note(self, tensor, kinks):
        if tensor.dim() == 0 or tensor.shape[0] != len(self.nearest) or not tensor.is_floating_point():
            return
        flat = tensor.detach().reshape(len(self.nearest), -1)
        size = flat.square().mean(1).sqrt() + 1e-30
        for kink in kinks:
            # Exactly at the kink, a value is there by the network's structure (a ReLU of a ReLU), and stays.
            distance = (flat - kink).abs()
            distance = torch.where(distance == 0, torch.inf, distance)
            self.nearest = torch.minimum(self.nearest, distance.amin(1) / size)

    def note_pool(self, tensor, kernel, stride=(), padding=0, dilation=1, ceil=False):
        """The difference between the two largest values of a window. Equal ones are zeros of a ReLU, without harm."""
        padding = [padding] * 2 if isinstance(padding, int) else list(padding) * (3 - len(padding))
        padded = F.pad(tensor, (padding[1], padding[1], padding[0], padding[0]), value=-1e30)
        windows = F.unfold(padded, kernel, dilation=dilation, stride=stride or kernel)
        windows = windows.view(len(self.nearest), tensor.shape[1], -1, windows.shape[-1])
        top = windows.topk(2, dim=2).values
        gap = (top[:, :, 0] - top[:, :, 1]).reshape(len(self.nearest), -1)
        gap = torch.where(gap == 0, torch.inf, gap)
        size = tensor.reshape(len(self.nearest), -1).square().mean(1).sqrt() + 1e-30
        self.nearest = torch.minimum(self.nearest, gap.amin(1) / size)


def choose_images(double, size, normalization, seed):
    """The best of the candidates, best first, and their margins."""
    drawn = images.draw(CANDIDATES, size, seed)
    margins = []
    for first in range(0, CANDIDATES, BATCH):
        part = drawn[first : first + BATCH]
        with torch.no_grad(), Margins(len(part)) as noted:
            double(images.normalized(part, normalization, torch.float64))
        margins.append(noted.nearest)
    margins = torch.cat(margins)
    order = margins.argsort(descending=True)[:IMAGES]
    return drawn[order], margins[order]


def record(model, image, outputs=None):
    """What each module of the model makes of a network input, in the order of the modules' ends: name to tensor.
    Modules that run more than once, or give no single tensor, are left out."""
    seen, twice, handles = {}, set(), []

    def hook(name):
        def note(module, inputs, output):
            if name in seen:
                twice.add(name)
            if isinstance(output, torch.Tensor) and output.dim() in (2, 4):
                # A later operation in place must not change what is kept.
                seen[name] = output.clone()
        return note

    for name, module in model.named_modules():
        if name and (outputs is None or name in outputs):
            handles.append(module.register_forward_hook(hook(name)))
    logits = model(image)
    for handle in handles:
        handle.remove()
    for name in twice:
        seen.pop(name, None)
    seen["logits"] = logits
    return seen


def choose_units(model, image, normalization, layers, seed):
    """For each layer a unit that lives: of some drawn, the one whose gradient is the median of those that have one."""
    generator = np.random.default_rng(seed)
    image = image.double()[None].requires_grad_(True)
    seen = record(model, images.normalized(image, normalization, torch.float64), set(layers))
    units = {}
    for layer in layers:
        means = seen[layer] if seen[layer].dim() == 2 else seen[layer].mean((2, 3))
        sizes = {}
        for unit in generator.choice(means.shape[1], min(UNITS, means.shape[1]), replace=False).tolist():
            (gradient,) = torch.autograd.grad(means[0, unit], image, retain_graph=True)
            sizes[unit] = float(gradient.norm())
        living = sorted((unit for unit in sizes if sizes[unit] > 1e-9), key=sizes.get) or list(sizes)
        units[layer] = living[len(living) // 2]
    return units


def numbers(model, image, normalization, layers, units, dtype):
    """Mean activations (layer to [units]) and gradients (layer to [height, width, 3], by the image in 0..1)."""
    image = image.to(dtype)[None].requires_grad_(True)
    seen = record(model, images.normalized(image, normalization, dtype), set(layers))
    activations, gradients = {}, {}
    for layer in layers:
        tensor = seen[layer]
        means = tensor if tensor.dim() == 2 else tensor.mean((2, 3))
        activations[layer] = means[0].detach().double().numpy()
        if layer in units:
            (gradient,) = torch.autograd.grad(means[0, units[layer]], image, retain_graph=True)
            gradients[layer] = gradient[0].double().numpy()
    return activations, gradients


def jumps(model, image, normalization, layers, units, gradients):
    """How much the exact gradients change when the image moves as little as 32 bits round: layer to the largest
    change, as a part of the norm. Where no kink is near, about 1e-7."""
    generator = torch.Generator().manual_seed(1)
    largest = dict.fromkeys(gradients, 0.0)
    for _ in range(NEIGHBOURS):
        moved = image + ROUNDING * torch.randn(image.shape, generator=generator, dtype=torch.float64)
        _, others = numbers(model, moved, normalization, layers, units, torch.float64)
        for layer, other in others.items():
            largest[layer] = max(largest[layer], gradient_error(other, gradients[layer]))
    return largest


def in_double(model):
    return copy.deepcopy(model).double()
