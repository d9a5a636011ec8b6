"""How far a picture is from its render."""
import torch, torch.nn.functional as F

TEXTURE_WEIGHT = 1.
FINE_EDGES = .4           # weight of gradients where texture counts, elsewhere COARSE_EDGES
COARSE_EDGES = .8
TEXTURE_WINDOW = 8


def halved(x): return F.avg_pool2d(x, 2)


def edges(difference, weight):
    across = (difference[..., 1:] - difference[..., :-1]).abs() * weight[..., 1:]
    along = (difference[:, :, 1:] - difference[:, :, :-1]).abs() * weight[:, :, 1:]
    return across.mean() + along.mean()


def picture_loss(levels, target, weight, edge_weight=COARSE_EDGES):
    """Weighted absolute difference of the picture, of its pyramid, of its gradients, and of the lower levels of the skip
    branch, so that these are valid pictures too. levels: the generator's pictures, the last at the target's size."""
    difference = levels[-1] - target
    total = (difference.abs() * weight).mean() + edge_weight * edges(difference, weight)
    for k in range(3):
        target, weight, difference = halved(target), halved(weight), halved(difference)
        total = total + (.5 if k else .6) * (difference.abs() * weight).mean()
        if k < 2: total = total + .3 * edges(difference, weight)
        if len(levels) > 1 + k and levels[-2 - k].shape[2] >= 16:
            total = total + .15 * ((levels[-2 - k] - target).abs() * weight).mean()
    return total


def energies(x):
    "how much the brightness varies around each place along four directions, [N, 4, r/8, r/8]"
    y = (.3 * x[:, :1] + .6 * x[:, 1:2] + .1 * x[:, 2:])
    a, b, c, d = y[..., :-1, :-1], y[..., :-1, 1:], y[..., 1:, :-1], y[..., 1:, 1:]
    steps = torch.cat([b - a, c - a, .7 * (d - a), .7 * (c - b)], 1)
    return (F.avg_pool2d(steps.square(), TEXTURE_WINDOW, TEXTURE_WINDOW // 2) + 1e-5).sqrt()


def texture_loss(picture, target):
    """Hair, brows and skin that cannot be predicted to the pixel come out flat where only differences count. This asks for
    as much variation as there is, in direction and place, at two scales, whatever its phase. Gradients count less beside it:
    they punish texture of another phase more than none."""
    total = 0
    for k in range(2):
        if k: picture, target = halved(picture), halved(target)
        total = total + (energies(picture) - energies(target)).abs().mean()
    return TEXTURE_WEIGHT * total
