"""Makes a network of the zoo with random weights under which it lives: nothing vanishes, nothing explodes."""
import warnings
import zlib

import torch
from torch import nn

import images
from networks import SIZES, USUAL_SIZE

CLASSES = 40
# Images of the kind that is compared later, from which statistics are taken: with those of other noise, deep networks
# explode.
SETTLING = 16
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def build(name):
    """A network in float32, evaluation mode; its image size [height, width]; mean and std for an image in 0..1."""
    torch.manual_seed(zlib.crc32(name.encode()))
    library, _, short = name.partition("/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if library == "torchvision":
            model, (mean, std) = of_torchvision(short), IMAGENET
        else:
            import timm

            model = timm.create_model(short, num_classes=CLASSES)
            mean, std = model.default_cfg["mean"], model.default_cfg["std"]
    size = SIZES.get(name, USUAL_SIZE)
    model.eval()
    for module in model.modules():
        if getattr(module, "inplace", False) is True:
            module.inplace = False
    with torch.no_grad():
        draw_small_parameters(model)
        settle(model, images.normalized(images.draw(SETTLING, size, 1), (mean, std), torch.float32))
    return model.eval(), size, (mean, std)


def of_torchvision(name):
    import torchvision

    options = {"num_classes": CLASSES}
    if name in ("googlenet", "inception_v3"):
        # As with pretrained weights, which change the image's normalisation inside.
        options.update(aux_logits=False, transform_input=True, init_weights=False)
    return getattr(torchvision.models, name)(**options)


def draw_small_parameters(model):
    """Gives all scales and shifts values that a trained network might have: an exporter must not be able to leave
    one out, and a branch that begins at zero (a residual's last scale, a layer scale) would hide what it does."""
    for name, parameter in model.named_parameters():
        last = name.rpartition(".")[2]
        if last == "bias":
            parameter.normal_(0, 0.5)
        elif parameter.numel() == max(parameter.shape, default=1) and parameter.numel() < 5000:
            if parameter.abs().max() < 1e-2 or (parameter == 1).all():
                parameter.uniform_(0.7, 1.3)


def settle(model, received):
    """Sets the statistics of batch normalisations by some network inputs, or, where there are none, the scales of
    convolutions so that their outputs have a standard deviation of one."""
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    handles = [norm.register_forward_pre_hook(measure) for norm in norms]
    has_norms = bool(norms) or any("Norm" in type(module).__name__ for module in model.modules())
    # Standardised weights do without; their scale is part of the architecture.
    standardised = any("StdConv" in type(module).__name__ for module in model.modules())
    if not has_norms and not standardised:
        for module in model.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                handles.append(module.register_forward_hook(rescale))
    model(received)
    for handle in handles:
        handle.remove()


def measure(norm, inputs):
    """Takes a little of the mean away, and makes the mean square of what is left a half.

    Statistics as in training (all of the mean, a mean square of one) would make an untrained deep network chaotic:
    each layer would make differences larger, those of rounding as well, and PyTorch in float32 would be 1e-3 off."""
    values = inputs[0].transpose(0, 1).flatten(1)
    mean = values.mean(1) / 10
    norm.running_mean.copy_(mean)
    norm.running_var.copy_((values - mean[:, None]).square().mean(1) * 2)


def rescale(module, inputs, output):
    scale = 1 / output.std()
    module.weight.mul_(scale)
    return (output - spread(module, output)) * scale + spread(module, output)


def spread(module, output):
    """The bias in the shape of the output."""
    if module.bias is None:
        return 0
    return module.bias.view([1, -1] + [1] * (output.dim() - 2))
