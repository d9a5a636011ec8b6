"""The attribute network: picture (128x128) -> labels and z. It measures generated pictures, and its features are a loss for
training on.

  attributes.py DATA OUT [--pictures 300000]      trains, resumes, writes OUT/attributes.pt; OUT/attributes.jsonl says how
                                                  well each label of the held-out shard is read
"""
import argparse, json, os, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from dataset import Renders
from network import compiled_if_equal

SIZE, BATCH, RATE = 128, 32, .002
WIDTHS = [32, 64, 128, 192, 256, 256]      # of 64, 32, 16, 8, 4 and 2 pixels


class Convolution(nn.Module):
    "3x3 with standardised weights, which need no normalisation of activations (Brock and others 2021)"
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.stride = stride
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.gain, self.bias = nn.Parameter(torch.ones(outputs)), nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        w = self.weight
        w = w - w.mean((1, 2, 3), keepdim=True)
        w = w * (self.gain[:, None, None, None] * torch.rsqrt(w.square().sum((1, 2, 3), keepdim=True) + 1e-6))
        return F.conv2d(x, w.to(x.dtype), self.bias.to(x.dtype), self.stride, 1)


def activated(x): return F.leaky_relu(x, .2) * 1.39


class AttributeNet(nn.Module):
    def __init__(self, label_count, z_dim, widths=WIDTHS):
        super().__init__()
        self.stem = Convolution(3, widths[0], 2)
        self.first = Convolution(widths[0], widths[0])
        self.stages = nn.ModuleList(
            nn.ModuleList([Convolution(i, o, 2), Convolution(o, o), Convolution(o, o)]) for i, o in zip(widths, widths[1:]))
        self.head = nn.Linear(widths[-1] * 4, 512)
        self.labels, self.z = nn.Linear(512, label_count), nn.Linear(512, z_dim)
        self.register_buffer('mean', torch.zeros(label_count))
        self.register_buffer('std', torch.ones(label_count))
        self.register_buffer('binary', torch.zeros(label_count, dtype=torch.bool))

    def features(self, x):
        x = activated(self.stem(x))
        x = x + .7 * activated(self.first(x))
        out = []
        for narrow, a, b in self.stages:
            x = activated(narrow(x))
            x = (x + .7 * activated(b(activated(a(x))))) * .82
            out.append(x)
        return out

    def embed(self, x):
        "[N, 512], the space of Frechet distances"
        return F.leaky_relu(self.head(self.features(x)[-1].flatten(1).float()), .2)

    def forward(self, x):
        "standardised labels (logits of the binary ones), z"
        h = self.embed(x)
        return self.labels(h), self.z(h)

    def read(self, x):
        "labels in their own units (the chance of the binary ones)"
        y = self.labels(self.embed(x))
        return torch.where(self.binary, y.sigmoid(), y * self.std + self.mean)


def load(path):
    "-> network, names of the labels"
    state = torch.load(path, weights_only=True)
    net = AttributeNet(len(state['labels']), len(state['axes']))
    net.load_state_dict(state['net'])
    return net.requires_grad_(False).to(memory_format=torch.channels_last), state['labels']


class FeatureLoss(nn.Module):
    "distance of channel-normalised features, of the whole picture at 128 pixels, and of the face at full size"
    def __init__(self, path, weight=.25, stages=4):
        super().__init__()
        self.net, _ = load(path)
        self.weight, self.stages = weight, stages

    def unit(self, x):
        features = self.net.features(x.to(torch.bfloat16, memory_format=torch.channels_last))[:self.stages]
        return [f.float() * torch.rsqrt(f.float().square().sum(1, keepdim=True) + 1e-6) for f in features]

    def distance(self, picture, target):
        with torch.no_grad(): wanted = self.unit(target)
        return sum((p - q).square().sum(1).mean() for p, q in zip(self.unit(picture), wanted))

    def forward(self, picture, target):
        shrink = picture.shape[2] // SIZE
        if shrink == 1: return self.weight * self.distance(picture, target)
        top, left = int(.29 * picture.shape[2]), (picture.shape[2] - SIZE) // 2
        face = lambda x: x[:, :, top:top + SIZE, left:left + SIZE]
        whole = self.distance(F.avg_pool2d(picture, shrink), F.avg_pool2d(target, shrink))
        return self.weight * (whole + self.distance(face(picture), face(target)))


@torch.no_grad()
def evaluate(net, held, count=480):
    "R2 of each continuous label and share of right answers of each binary one; R2 of each axis of z"
    parts = []
    for i in range(0, count, 32):
        index = np.arange(2 * i, 2 * i + 64, 2)
        x = held.pictures(index, SIZE).contiguous(memory_format=torch.channels_last)
        parts.append((*net(x.to(torch.bfloat16)), held.labels(index), held.z(index)))
    answer, z_answer, labels, z = (torch.cat(p) for p in zip(*parts))
    wanted = (labels - net.mean) / net.std
    r2 = 1 - (answer - wanted).square().mean(0) / wanted.var(0).clamp(min=1e-6)
    right = ((answer > 0) == (labels > .5)).float().mean(0)
    return torch.where(net.binary, right, r2), 1 - (z_answer - z).square().mean(0)


def varied(x, rng):
    "softer, and noisier: generated pictures are not as crisp as renders"
    soft = len(x) // 3
    x[:soft] = F.interpolate(F.avg_pool2d(x[:soft], 2), scale_factor=2, mode='bilinear')
    strength = torch.from_numpy(rng.random((len(x), 1, 1, 1)).astype(np.float32)) * .03
    return x + strength * torch.randn(x.shape)


def loss_of(net, x, labels, z):
    y, q = net(x.to(torch.bfloat16))
    wanted = (labels - net.mean) / net.std
    right = F.binary_cross_entropy_with_logits(y, (labels > .5).float(), reduction='none')
    return torch.where(net.binary, right, (y - wanted).square()).mean() + .5 * (q - z).square().mean()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('data')
    parser.add_argument('out')
    parser.add_argument('--pictures', type=int, default=300_000)
    a = parser.parse_args()
    path = os.path.join(a.out, 'attributes.pt')
    if os.path.exists(path): return
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', 1)))
    torch.manual_seed(0)
    data, held = Renders(a.data), Renders(a.data, held_out=True)
    names = data.meta['labels']
    net = AttributeNet(len(names), len(data.meta['axes'])).to(memory_format=torch.channels_last)
    labels = data.labels(np.arange(data.count))
    net.binary.copy_(torch.tensor([n in data.meta['binary'] for n in names]))
    net.mean.copy_(labels.mean(0))
    net.std.copy_(labels.std(0).clamp(min=1e-3))
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=.01, fused=True)
    step, end, function = 0, a.pictures // BATCH, None
    if os.path.exists(path + '.part'):
        state = torch.load(path + '.part', weights_only=True)
        net.load_state_dict(state['net'])
        optimiser.load_state_dict(state['opt'])
        step = state['step']
    log, losses, saved, seconds = open(os.path.join(a.out, 'attributes.jsonl'), 'a'), [], time.time(), 0

    def write(**values):
        log.write(json.dumps(dict(time=time.strftime('%F %T'), **values)) + '\n')
        log.flush()
    while step < end:
        started = time.process_time()
        for group in optimiser.param_groups: group['lr'] = RATE * min(1, (step + 10) / 300) * min(1, (1 - step / end) / .6 + .005)
        rng = np.random.default_rng([13, step])
        index = rng.integers(0, data.count, BATCH)
        x = varied(data.pictures(index, SIZE), rng).contiguous(memory_format=torch.channels_last)
        arguments = (net, x, data.labels(index), data.z(index))
        if function is None:
            function, error = compiled_if_equal(loss_of, net, arguments)
            write(compiled_gradient_error=round(error, 4))
        loss = function(*arguments)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        step, seconds = step + 1, seconds + time.process_time() - started
        losses.append(float(loss.detach()))
        if time.time() - saved > 240 or step == end:
            torch.save(dict(net=net.state_dict(), opt=optimiser.state_dict(), step=step), path + '.new')
            os.replace(path + '.new', path + '.part')
            quality, axes = evaluate(net, held)
            write(images=step * BATCH, loss=round(float(np.mean(losses)), 4), per_s=round(len(losses) * BATCH / seconds, 1),
                  z_r2=round(float(axes.mean()), 3), held={n: round(float(v), 3) for n, v in zip(names, quality)})
            saved, losses, seconds = time.time(), [], 0
            data.refresh()
    torch.save(dict(net=net.state_dict(), labels=names, binary=data.meta['binary'], axes=data.meta['axes']), path + '.new')
    os.replace(path + '.new', path)


if __name__ == '__main__': main()
