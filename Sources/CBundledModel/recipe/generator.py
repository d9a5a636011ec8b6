"""The generator of a model file, frozen, for training with its pictures: StyleGAN2 with skips, styles scaling activations
instead of weights (an exact identity, and the weights stay constant)."""
import hashlib, json, math, struct
import numpy as np, torch, torch.nn.functional as F

SQRT2 = math.sqrt(2)
KINDS = {'F16': '<f2', 'F32': '<f4'}


def read_safetensors(path):
    "metadata, tensors as float32, SHA-256 of the file"
    data = open(path, 'rb').read()
    size = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + size])
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry['data_offsets']
        flat = np.frombuffer(data[8 + size + start:8 + size + end], KINDS[entry['dtype']])
        tensors[name] = torch.from_numpy(flat.reshape(entry['shape']).astype(np.float32))
    return metadata, tensors, hashlib.sha256(data).hexdigest()


def write_safetensors(path, tensors, metadata):
    "tensors: name -> array; the header is padded so that values start at a multiple of 64"
    header, place = {'__metadata__': metadata}, 0
    for name, value in tensors.items():
        kind = {'float16': 'F16', 'float32': 'F32'}[str(value.dtype)]
        header[name] = dict(dtype=kind, shape=list(value.shape), data_offsets=[place, place + value.nbytes])
        place += value.nbytes
    text = json.dumps(header).encode()
    text += b' ' * (-(8 + len(text)) % 64)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for value in tensors.values(): file.write(np.ascontiguousarray(value).tobytes())


class Generator:
    def __init__(self, path):
        metadata, t, self.sha256 = read_safetensors(path)
        self.config = c = json.loads(metadata['mien'])
        self.resolution, self.z_dim, self.w_dim = c['resolution'], c['z_dim'], c['w_dim']
        self.t, self.w_avg, lr = t, t['mapping.w_avg'], c['mapping_lr_multiplier']
        self.mapping = [(t[f'mapping.fc{i}.weight'] * (lr / math.sqrt(t[f'mapping.fc{i}.weight'].shape[1])),
                         t[f'mapping.fc{i}.bias'] * lr) for i in range(c['mapping_layers'])]
        self.levels = [2 ** k for k in range(2, int(math.log2(self.resolution)) + 1)]
        self.taps = torch.outer(*[torch.tensor([1., 3., 3., 1.]) / 4] * 2)
        self.energy = {k[:-7]: v.square().sum([2, 3]) for k, v in t.items() if k.startswith('synthesis') and v.dim() == 4}
        last = f'mapping.fc{c["mapping_layers"] - 1}'
        assert last in [k[:-7] for k in t] and f'mapping.fc{c["mapping_layers"]}.weight' not in t

    def map(self, z):
        x = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for weight, bias in self.mapping: x = SQRT2 * F.leaky_relu(F.linear(x, weight, bias), .2)
        return x

    def style(self, name, w):
        weight = self.t[name + '.affine.weight']
        return F.linear(w, weight / math.sqrt(weight.shape[1]), self.t[name + '.affine.bias'])

    def filtered(self, x, padding, groups):
        return F.conv2d(F.pad(x, padding), self.taps.to(x.dtype).expand(groups, 1, 4, 4), groups=groups)

    def layer(self, name, x, w, up, noise):
        s, t = self.style(name, w), self.t
        d = torch.rsqrt(s.square() @ self.energy[name].t() + 1e-8)
        largest = s.abs().amax(1, keepdim=True)
        x = x * (s / largest).to(x.dtype)[:, :, None, None]
        weight = t[name + '.weight'].to(x.dtype)
        if up: y = self.filtered(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), (1, 1, 1, 1), len(weight))
        else: y = F.conv2d(x, weight, padding=1)
        y = y * (d * largest).to(x.dtype)[:, :, None, None]
        strength = t[name + '.noise_strength'].reshape([])
        if noise == 'random' and strength != 0: y = y + (torch.randn(len(y), 1, *y.shape[2:]) * strength).to(y.dtype)
        if noise == 'const' and strength != 0: y = y + (t[name + '.noise_const'] * strength).to(y.dtype)
        return F.leaky_relu(y + t[name + '.bias'].to(y.dtype)[:, None, None], .2) * SQRT2

    def picture(self, w, upto=None, noise='const', dtype=torch.float32):
        "w [N, w_dim] for all rows, or [N, rows, w_dim] -> [N, 3, R, R], the skip branch's where upto is less than the resolution"
        rows = (lambda i: w[:, i]) if w.dim() == 3 else lambda i: w
        x = self.t['synthesis.b4.const'].to(dtype).expand(len(w), -1, -1, -1)
        image, row = None, 0
        for r in self.levels:
            b = f'synthesis.b{r}'
            if r > 4:
                x = self.layer(b + '.conv0', x, rows(row), True, noise)
                row += 1
            x = self.layer(b + '.conv1', x, rows(row), False, noise)
            row += 1
            weight = self.t[b + '.torgb.weight']
            s = self.style(b + '.torgb', rows(row)) / math.sqrt(weight.shape[1])
            y = F.conv2d(x * s.to(dtype)[:, :, None, None], weight.to(dtype)).float() + self.t[b + '.torgb.bias'][:, None, None]
            if image is not None:
                n, c, h, _ = image.shape
                spread = torch.zeros(n, c, 2 * h, 2 * h)
                spread[:, :, ::2, ::2] = image
                y = y + self.filtered(spread, (2, 1, 2, 1), c)
            image = y
            if r == upto: break
        return image
