"""Images of noise, and what a network receives of them."""
import torch
import torch.nn.functional as F


def draw(count, size, seed):
    """[count, height, width, 3] in 0..1: noise of several sizes; multiples of 2^-16, so that no move of the range
    rounds."""
    generator = torch.Generator().manual_seed(seed)
    height, width = size
    total = torch.zeros(count, 3, height, width, dtype=torch.float64)
    for scale in (1, 2, 4, 8, 16):
        shape = (count, 3, max(height // scale, 1), max(width // scale, 1))
        noise = torch.randn(shape, generator=generator, dtype=torch.float64)
        total += F.interpolate(noise, size=size, mode="bilinear", align_corners=False)
    image = torch.sigmoid(total / total.std() * 1.5)
    return (torch.round(image * 65536) / 65536).permute(0, 2, 3, 1)


def normalized(images, normalization, dtype):
    """[count, height, width, 3] in 0..1 to what the network receives, [count, 3, height, width]."""
    mean, std = (torch.tensor(values, dtype=dtype).view(1, 3, 1, 1) for values in normalization)
    return (images.to(dtype).permute(0, 3, 1, 2) - mean) / std
