"""The StyleGAN2 generator (skip architecture) with the parameter names and numbers of a model file, written for training on
processors: styles scale activations instead of weights, and each large up-convolution with its blur is one 3x3 convolution
on the low-resolution grid that makes the four output phases at once. Both are exact identities."""
import math
import torch, torch.nn as nn, torch.nn.functional as F

SQRT2 = math.sqrt(2)


def channels(resolution, base, most): return min(base // resolution, most)


class Affine(nn.Module):
    "w -> styles of a layer"
    def __init__(self, w_dim, count):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, w_dim))
        self.bias = nn.Parameter(torch.ones(count))

    def forward(self, w): return F.linear(w.float(), self.weight / math.sqrt(self.weight.shape[1]), self.bias)


class Dense(nn.Module):
    def __init__(self, inputs, outputs, rate):
        super().__init__()
        self.rate = rate
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        gain = self.rate / math.sqrt(self.weight.shape[1])
        return SQRT2 * F.leaky_relu(F.linear(x, self.weight * gain, self.bias * self.rate), .2)


class Mapping(nn.Module):
    def __init__(self, z_dim, w_dim, layers, rate=.01):
        super().__init__()
        self.layers = layers
        self.register_buffer('w_avg', torch.zeros(w_dim))
        for i in range(layers): setattr(self, f'fc{i}', Dense(w_dim if i else z_dim, w_dim, rate))

    def forward(self, z):
        x = z.float()
        x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)
        for i in range(self.layers): x = getattr(self, f'fc{i}')(x)
        return x


def phase_matrix():
    "[9, 36]: a 3x3 kernel of the up-convolution -> the 3x3 kernels of its four output phases"
    taps = torch.tensor([1., 3., 3., 1.]) / 4
    full = torch.zeros(6, 3)                                   # kernel * taps, full convolution
    for t in range(3): full[t:t + 4, t] = taps
    axis = torch.stack([full[a::2].flip(0) for a in (0, 1)])   # phase 0 reads taps 4, 2, 0; phase 1 taps 5, 3, 1
    return torch.einsum('aux,bvy->xyabuv', axis, axis).reshape(9, 36)


PHASES = phase_matrix()
POLYPHASE_FROM = 64      # below this resolution the plain transposed convolution is faster


def phase_kernels(weight):
    o, i = weight.shape[:2]
    kernels = (weight.reshape(o * i, 9) @ PHASES.to(weight)).reshape(o, i, 4, 3, 3)
    return kernels.transpose(1, 2).reshape(o * 4, i, 3, 3)


def blur(y):
    y = F.pad(y, (1, 1, 1, 1))
    n = y.shape[2] - 3
    y = .25 * (y[:, :, :n] + y[:, :, 3:]) + .75 * (y[:, :, 1:n + 1] + y[:, :, 2:n + 2])
    return .25 * (y[..., :n] + y[..., 3:]) + .75 * (y[..., 1:n + 1] + y[..., 2:n + 2])


class Layer(nn.Module):
    "modulated 3x3 convolution, noise, bias, leaky ReLU"
    def __init__(self, inputs, outputs, w_dim, resolution, up):
        super().__init__()
        self.up = up
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros([]))
        self.register_buffer('noise_const', torch.randn(resolution, resolution))
        self.affine = Affine(w_dim, inputs)

    def forward(self, x, w, noise):
        style, weight = self.affine(w), self.weight
        # Normalising weights and styles beforehand changes nothing (demodulation) but keeps low precision in range.
        weight = weight * torch.rsqrt(weight.square().mean([1, 2, 3], keepdim=True) + 1e-12) / math.sqrt(weight[0].numel())
        style = style * torch.rsqrt(style.square().mean(1, keepdim=True) + 1e-12)
        demodulation = torch.rsqrt(style.square() @ weight.square().sum([2, 3]).t() + 1e-8)
        x = x * style.to(x.dtype)[:, :, None, None]
        if not self.up:
            y = F.conv2d(x, weight.to(x.dtype), padding=1)
        elif x.shape[2] <= POLYPHASE_FROM // 2:
            y = blur(F.conv_transpose2d(x, weight.transpose(0, 1).to(x.dtype), stride=2))
        else:
            kernels = phase_kernels(weight).to(x.dtype, memory_format=torch.channels_last)
            y = F.pixel_shuffle(F.conv2d(x, kernels, padding=1), 2)
        y = y * demodulation.to(y.dtype)[:, :, None, None]
        if noise is not None: y = y + (noise * self.noise_strength).to(y.dtype)
        return F.leaky_relu(y + self.bias.to(y.dtype)[:, None, None], .2) * SQRT2


class ToRGB(nn.Module):
    def __init__(self, inputs, w_dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))
        self.affine = Affine(w_dim, inputs)

    def forward(self, x, w):
        style = self.affine(w) / math.sqrt(self.weight.shape[1])
        return F.conv2d(x * style.to(x.dtype)[:, :, None, None], self.weight.to(x.dtype)).float() + self.bias[:, None, None]


def upsample(x):
    "of the skip branch: zero stuffing and the [1, 3, 3, 1] filter"
    p = F.pad(x, (1, 1, 1, 1))
    a, b, c = p[:, :, :-2], p[:, :, 1:-1], p[:, :, 2:]
    y = torch.stack([.25 * a + .75 * b, .75 * b + .25 * c], 3).flatten(2, 3)
    a, b, c = y[..., :-2], y[..., 1:-1], y[..., 2:]
    return torch.stack([.25 * a + .75 * b, .75 * b + .25 * c], 4).flatten(3, 4)


class Block(nn.Module):
    def __init__(self, inputs, outputs, w_dim, resolution):
        super().__init__()
        if resolution == 4: self.const = nn.Parameter(torch.randn(outputs, 4, 4))
        else: self.conv0 = Layer(inputs, outputs, w_dim, resolution, True)
        self.conv1 = Layer(outputs, outputs, w_dim, resolution, False)
        self.torgb = ToRGB(outputs, w_dim)


class Synthesis(nn.Module):
    def __init__(self, w_dim, resolution, base, most):
        super().__init__()
        self.levels = [2 ** k for k in range(2, int(math.log2(resolution)) + 1)]
        self.num_ws = 2 * len(self.levels)
        for r in self.levels:
            setattr(self, f'b{r}', Block(channels(max(r // 2, 4), base, most), channels(r, base, most), w_dim, r))

    def random_noise(self, count, upto):
        "a plane for each convolution up to a level"
        return [torch.randn(count, 1, r, r) for r in self.levels if r <= upto for _ in range(1 if r == 4 else 2)]

    def const_noise(self):
        return [layer.noise_const for r in self.levels for layer in self.convolutions(r)]

    def convolutions(self, r):
        block = getattr(self, f'b{r}')
        return [block.conv1] if r == 4 else [block.conv0, block.conv1]

    def forward(self, ws, upto=None, noise=None, dtype=torch.float32, every=False):
        """ws [N, num_ws, w_dim] -> picture [N, 3, r, r] at level upto; with every, the pictures of all levels.
        noise: none, or a plane for each convolution"""
        image, row, pictures = None, 0, []
        for r in self.levels:
            block = getattr(self, f'b{r}')
            if r == 4: x = block.const.to(dtype)[None].expand(len(ws), -1, -1, -1).contiguous(memory_format=torch.channels_last)
            for layer in self.convolutions(r):
                x = layer(x, ws[:, row], None if noise is None else noise[row])
                row += 1
            y = block.torgb(x, ws[:, row])
            image = y if image is None else upsample(image) + y
            pictures.append(image)
            if r == upto: break
        return pictures if every else image


class Generator(nn.Module):
    def __init__(self, z_dim, w_dim=384, resolution=256, base=4096, cmax=256, layers=4):
        super().__init__()
        self.config = dict(z_dim=z_dim, w_dim=w_dim, resolution=resolution, base=base, cmax=cmax, layers=layers)
        self.mapping = Mapping(z_dim, w_dim, layers)
        self.synthesis = Synthesis(w_dim, resolution, base, cmax)
        # A new level starts as the upsampled old one.
        for r in self.synthesis.levels[1:]: getattr(self.synthesis, f'b{r}').torgb.weight.data.zero_()

    def rows(self, w): return w[:, None].expand(-1, self.synthesis.num_ws, -1)

    def forward(self, z, upto=None, noise=None, dtype=torch.float32, psi=1.):
        w = self.mapping(z)
        if psi != 1: w = self.mapping.w_avg.lerp(w, psi)
        return self.synthesis(self.rows(w), upto, noise, dtype)


def compiled_if_equal(function, model, arguments):
    """The compiled loss function if its gradients agree with the plain one's (compilers have been wrong), and how far they
    are apart."""
    compiled, gradients = torch.compile(function), []
    for f in (function, compiled):
        model.zero_grad(set_to_none=True)
        out = f(*arguments)
        (out[0] if isinstance(out, tuple) else out).backward()
        gradients.append([torch.zeros(1) if p.grad is None else p.grad.float() for p in model.parameters()])
    model.zero_grad(set_to_none=True)
    apart = sum((a - b).square().sum() for a, b in zip(*gradients))
    error = float((apart / sum(a.square().sum() for a in gradients[0])).sqrt())
    return (compiled if error < .15 else function), error
