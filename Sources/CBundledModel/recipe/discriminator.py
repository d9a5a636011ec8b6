"""Residual StyleGAN2 discriminator with minibatch standard deviation."""
import math
import torch, torch.nn as nn, torch.nn.functional as F
from network import SQRT2, channels

GROUP = 4


def convolved(x, weight, bias=None):
    y = F.conv2d(x, (weight / math.sqrt(weight[0].numel())).to(x.dtype), padding=weight.shape[2] // 2)
    return y if bias is None else F.leaky_relu(y + bias.to(x.dtype)[:, None, None], .2) * SQRT2


def halved(x):
    "by the [1, 3, 3, 1] filter"
    x = F.pad(x, (1, 1, 1, 1))
    x = .125 * (x[:, :, :-3:2] + x[:, :, 3::2]) + .375 * (x[:, :, 1:-2:2] + x[:, :, 2:-1:2])
    return .125 * (x[..., :-3:2] + x[..., 3::2]) + .375 * (x[..., 1:-2:2] + x[..., 2:-1:2])


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.first_bias = nn.Parameter(torch.randn(inputs, inputs, 3, 3)), nn.Parameter(torch.zeros(inputs))
        self.second, self.second_bias = nn.Parameter(torch.randn(outputs, inputs, 3, 3)), nn.Parameter(torch.zeros(outputs))
        self.shortcut = nn.Parameter(torch.randn(outputs, inputs, 1, 1))

    def forward(self, x):
        y = halved(convolved(convolved(x, self.first, self.first_bias), self.second, self.second_bias))
        return (y + convolved(halved(x), self.shortcut)) / SQRT2


class Discriminator(nn.Module):
    def __init__(self, resolution=256, base=4096, most=256):
        super().__init__()
        levels = [2 ** k for k in range(int(math.log2(resolution)), 2, -1)]
        c = channels(resolution, base, most)
        self.rgb, self.rgb_bias = nn.Parameter(torch.randn(c, 3, 1, 1)), nn.Parameter(torch.zeros(c))
        self.blocks = nn.ModuleList()
        for r in levels:
            self.blocks.append(Block(c, channels(r // 2, base, most)))
            c = channels(r // 2, base, most)
        self.last, self.last_bias = nn.Parameter(torch.randn(c, c + 1, 3, 3)), nn.Parameter(torch.zeros(c))
        self.dense, self.dense_bias = nn.Parameter(torch.randn(c, c * 16)), nn.Parameter(torch.zeros(c))
        self.out, self.out_bias = nn.Parameter(torch.randn(1, c)), nn.Parameter(torch.zeros(1))

    def forward(self, x, dtype=torch.float32):
        "[N, 3, R, R] -> logits [N, 1]; dtype is that of the convolutions"
        x = convolved(x.to(dtype, memory_format=torch.channels_last), self.rgb, self.rgb_bias)
        for block in self.blocks: x = block(x)
        x = x.float()
        group = GROUP if len(x) % GROUP == 0 else len(x)
        deviation = (x.reshape(group, -1, *x.shape[1:]).var(0, unbiased=False) + 1e-8).sqrt().mean([1, 2, 3]).repeat(group)
        plane = deviation[:, None, None, None].expand(-1, 1, *x.shape[2:])
        x = convolved(torch.cat([x, plane], 1), self.last, self.last_bias).flatten(1)
        x = F.leaky_relu(F.linear(x, self.dense / math.sqrt(x.shape[1]), self.dense_bias), .2) * SQRT2
        return F.linear(x, self.out / math.sqrt(x.shape[1]), self.out_bias)
