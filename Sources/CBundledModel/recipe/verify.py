"""Computes a model file's golden numbers anew from its bytes with the textbook formulas (float64, modulated weights, transposed
convolution, filters by zero stuffing), sharing no code with network.py, and compares.

  verify.py MODEL.safetensors GOLDEN.npz
"""
import json, struct, sys
import numpy as np, torch, torch.nn.functional as F

TAPS = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64
TOLERANCE = 2e-4


def read(path):
    data = open(path, 'rb').read()
    size = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + size])
    description, tensors = json.loads(header.pop('__metadata__')['mien']), {}
    for name, entry in header.items():
        start, end = (8 + size + o for o in entry['data_offsets'])
        kind = {'F16': '<f2', 'F32': '<f4'}[entry['dtype']]
        tensors[name] = np.frombuffer(data[start:end], kind).reshape(entry['shape']).astype(np.float64)
    return description, tensors


def activated(x): return np.where(x > 0, x, .2 * x) * np.sqrt(2)


def filtered(x, padding, gain):
    kernel = torch.from_numpy(TAPS[::-1, ::-1] * gain).repeat(len(x), 1, 1, 1)
    return F.conv2d(F.pad(torch.from_numpy(x)[None], padding), kernel, groups=len(x))[0].numpy()


def mapping(description, tensors, z):
    x = z.astype(np.float32).astype(np.float64)
    x, rate = x / np.sqrt((x * x).mean() + 1e-8), description['mapping_lr_multiplier']
    for i in range(description['mapping_layers']):
        weight = tensors[f'mapping.fc{i}.weight']
        x = activated(weight @ x * rate / np.sqrt(weight.shape[1]) + tensors[f'mapping.fc{i}.bias'] * rate)
    return x


def style(tensors, name, w):
    weight = tensors[name + '.affine.weight']
    return weight @ w / np.sqrt(weight.shape[1]) + tensors[name + '.affine.bias']


def convolution(tensors, name, x, w, up):
    weight = tensors[name + '.weight'] * style(tensors, name, w)[None, :, None, None]
    weight = weight / np.sqrt((weight * weight).sum((1, 2, 3), keepdims=True) + 1e-8)
    x, kernel = torch.from_numpy(x)[None], torch.from_numpy(weight)
    if up: y = filtered(F.conv_transpose2d(x, kernel.transpose(0, 1), stride=2)[0].numpy(), (1, 1, 1, 1), 4)
    else: y = F.conv2d(x, kernel, padding=1)[0].numpy()
    return activated(y + tensors[name + '.bias'][:, None, None])


def to_rgb(tensors, name, x, w):
    weight = tensors[name + '.weight'][:, :, 0, 0]
    return np.tensordot(weight * style(tensors, name, w) / np.sqrt(weight.shape[1]), x, 1) + tensors[name + '.bias'][:, None, None]


def doubled(image):
    c, h, w = image.shape
    spread = np.zeros((c, 2 * h, 2 * w))
    spread[:, ::2, ::2] = image
    return filtered(spread, (2, 1, 2, 1), 4)


def picture(description, tensors, w):
    x, image, resolution = tensors['synthesis.b4.const'], None, 4
    while resolution <= description['resolution']:
        block = f'synthesis.b{resolution}'
        if resolution > 4: x = convolution(tensors, block + '.conv0', x, w, True)
        x = convolution(tensors, block + '.conv1', x, w, False)
        y = to_rgb(tensors, block + '.torgb', x, w)
        image = y if image is None else doubled(image) + y
        resolution *= 2
    return image


def main():
    torch.set_num_threads(1)
    (description, tensors), golden, worst = read(sys.argv[1]), np.load(sys.argv[2]), {}

    def compare(name, found, expected): worst[name] = max(worst.get(name, 0), float(np.abs(found - expected).max()))
    average, ws = tensors['mapping.w_avg'], []
    compare('w_avg', average, golden['w_avg'])
    for i, seed in enumerate(golden['seeds']):
        z = np.random.RandomState(int(seed)).randn(1, description['z_dim'])[0]
        ws.append(mapping(description, tensors, z))
        compare('z', z, golden['z'][i])
        compare('w', ws[i], golden['w'][i])
    near = average + .7 * (ws[2] - average)
    compare('img', picture(description, tensors, ws[0]), golden['img'][0])
    compare('img_psi07', picture(description, tensors, near), golden['img_psi07'][0])
    compare('img_psi07_smile15', picture(description, tensors, near + 1.5 * tensors['directions.smile']), golden['img_psi07_smile15'][0])
    print(worst)
    sys.exit(max(worst.values()) > TOLERANCE)


if __name__ == '__main__': main()
