"""PyTorch's side: a network folded and cut, in both memory layouts, and its times."""

import copy
import time

import torch
from torch import nn
from torch.fx.experimental.optimization import fuse
from torch.nn.utils.fusion import fuse_conv_bn_eval

FORMATS = (torch.contiguous_format, torch.channels_last)
# What `facetreel bench` does: the shortest of three samples of four evaluations.
SAMPLES, EVALUATIONS = 3, 4


def cut(model, module):
    """The model with BatchNorm folded into convolutions, up to what `module` gives, and nothing behind it."""
    fused = fuse(model)
    inside = [node for node in fused.graph.nodes if module in (node.meta.get("nn_module_stack") or {})]
    if not inside:
        raise ValueError(f"the traced model has no module {module}")
    output = next(node for node in fused.graph.nodes if node.op == "output")
    output.args = (inside[-1],)
    fused.graph.eliminate_dead_code()
    fused.delete_all_unused_submodules()
    fused.recompile()
    return frozen(fused)


def cut_efficientnet(model, module):
    """The same for timm's EfficientNet up to its last convolution: a Conv2d that pads by the size of its input cannot
    be traced, so that it is folded and cut by hand."""
    if module != "conv_head":
        raise ValueError(f"an EfficientNet is cut behind conv_head, not behind {module}")
    fold(model)
    return frozen(nn.Sequential(model.conv_stem, model.bn1, model.blocks, model.conv_head))


def fold(model):
    """Folds each of timm's BatchNorms, which have their activation inside, into the convolution in front of it.
    Children stand in the order in which they run."""
    for parent in list(model.modules()):
        before = None
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Conv2d):
                before = name
            elif isinstance(child, nn.BatchNorm2d):
                setattr(parent, before, fuse_conv_bn_eval(getattr(parent, before), child))
                setattr(parent, name, child.act)


def frozen(model):
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return model


def mean_activations(model, image, normalization):
    """Of an image in -1...1, [height, width, 3]."""
    mean, deviation = (torch.tensor(values) for values in normalization)
    seen = ((image + 1) / 2 - mean) / deviation
    return model(seen.permute(2, 0, 1)[None].contiguous()).mean((0, 2, 3))


class TorchContestant:
    """Forward and input gradient. Weights stay in their layout from round to round, so that no round converts them."""

    def __init__(self, model, received, unit):
        self.unit = unit
        self.forms = {}
        for form in FORMATS:
            image = received.to(memory_format=form, copy=True).requires_grad_(True)
            self.forms[form] = (copy.deepcopy(model).to(memory_format=form), image)
        self.times = {form: [] for form in FORMATS}

    def round(self):
        for form, (model, image) in self.forms.items():
            self.times[form].append(best_milliseconds(lambda: self.evaluate(model, image)))

    def evaluate(self, model, image):
        torch.autograd.grad(model(image)[:, self.unit].mean(), image)

    def milliseconds(self):
        """Of each round, in the memory layout that suits the network better."""
        return min(self.times.values(), key=min)


def best_milliseconds(work):
    """Of one evaluation, measured as Facetreel measures its own; one more before them touches what they need."""
    work()
    times = []
    for _ in range(SAMPLES):
        start = time.perf_counter()
        for _ in range(EVALUATIONS):
            work()
        times.append((time.perf_counter() - start) / EVALUATIONS)
    return min(times) * 1e3
