"""Trains the encoder of a model file: a picture -> w, and how the picture's crop lies beside the model's own framing.

  encoder.py MODEL.safetensors ENCODER.safetensors [--minutes 10] [--golden GOLDEN.npz] [--threads 1] [--start ENCODER.safetensors]

The pictures are the model's own, so their w are known. With P the model's picture and C the crop of it that is seen, points
p in [-1, 1]^2, P(p) = C(t + s R(a) p); the encoder finds w and (t_x, t_y, log s, a)."""
import argparse, json, math, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from generator import Generator, SQRT2, read_safetensors, write_safetensors

SIDE = 64                                   # pixels a side the encoder sees
WIDTHS = [24, 48, 96, 160, 160, 128]        # 3 x 3 convolutions, those of POOLED with a mean of 2 x 2 pixels behind them
POOLED = [0, 1, 2, 4]
HIDDEN, POSE = 224, 4
POOL, FIRST, KEPT = 16384, 2048, 128        # pictures kept, before the first step, and their side
BATCH, NEW, SHOWN = 64, 16, 16               # pictures seen in a step, made anew, and compared by what the generator shows
LIMITS = (.16, .16, .08, math.radians(8))   # of the crops: offset (8 % of the side), log scale, turn


class Encoder(nn.Module):
    def __init__(self, w_dim):
        super().__init__()
        inputs = [3] + WIDTHS
        self.conv = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in zip(inputs, WIDTHS))
        side = SIDE >> len(POOLED)
        self.hidden, self.out = nn.Linear(WIDTHS[-1] * side * side, HIDDEN), nn.Linear(HIDDEN, w_dim + POSE)
        for layer in [*self.conv, self.hidden]:
            nn.init.normal_(layer.weight, std=1 / math.sqrt(layer.weight[0].numel() * 1.04))
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.out.weight, std=.3 / math.sqrt(HIDDEN))
        nn.init.zeros_(self.out.bias)

    def forward(self, x): return self.out(self.features(x))

    def features(self, x):
        for i, conv in enumerate(self.conv):
            x = F.leaky_relu(conv(x), .2) * SQRT2
            if i in POOLED: x = F.avg_pool2d(x, 2)
        return F.leaky_relu(self.hidden(x.flatten(1)), .2) * SQRT2


class Coordinates:
    "W by its principal components in units of their deviation, and how much the pictures differ along them on average"
    @torch.no_grad()
    def __init__(self, G):
        w = G.map(torch.randn(20000, G.z_dim))
        self.mean = w.mean(0)
        values, self.axes = torch.linalg.eigh(torch.cov(w.t()).double())
        self.scale, self.axes = values.clamp(min=float(values.max()) * 1e-5).sqrt().float(), self.axes.float()
        v = self.of(w[:3000])
        pictures = torch.cat([F.avg_pool2d(G.picture(p, 32, dtype=torch.bfloat16), 2) for p in w[:3000].split(100)]).flatten(1)
        pictures = pictures - pictures.mean(0)
        slope = torch.linalg.solve(v.t() @ v + 30 * torch.eye(G.w_dim), v.t() @ pictures)
        self.metric = slope @ slope.t() / pictures.shape[1]

    def of(self, w): return (w - self.mean) @ self.axes / self.scale
    def w(self, v): return self.mean + (v * self.scale) @ self.axes.t()


def latents(G, count):
    w = G.map(torch.randn(count, G.z_dim))
    return G.w_avg + (w - G.w_avg) * (.5 + .5 * torch.rand(count, 1))


def crops(pictures, pose, mode='border', side=None):
    "C(q) = P(R(-a) (q - t) / s)"
    t, s, a = pose[:, :2], pose[:, 2].exp(), pose[:, 3]
    turn = torch.stack([a.cos(), a.sin(), -a.sin(), a.cos()], 1).reshape(-1, 2, 2) / s[:, None, None]
    theta = torch.cat([turn, -(turn @ t[:, :, None])], 2)
    n, r = len(pictures), side or pictures.shape[2]
    return F.grid_sample(pictures, F.affine_grid(theta, (n, 3, r, r), align_corners=False), padding_mode=mode, align_corners=False)


def poses(count, limits=LIMITS): return (2 * torch.rand(count, POSE) - 1) * torch.tensor(limits)

DCT = torch.tensor([[math.cos((2 * x + 1) * k * math.pi / 16) * (.5 if k else math.sqrt(.125)) for x in range(8)] for k in range(8)])
def quantised(x):
    "8 x 8 blocks rounded in frequency, as JPEG does"
    n, c, r, _ = x.shape
    blocks = x.reshape(n, c, r // 8, 8, r // 8, 8).permute(0, 1, 2, 4, 3, 5)
    step = (.03 + .12 * torch.rand(n, 1, 1, 1, 1, 1)) * (1 + torch.arange(8.)[:, None] + torch.arange(8.)) / 2
    f = ((DCT @ blocks @ DCT.t()) / step).round() * step
    return (DCT.t() @ f @ DCT).permute(0, 1, 2, 4, 3, 5).reshape(x.shape)


def seen(pictures, pose):
    "crops as photos might be: other borders, colours, sharpness, noise"
    n, third = len(pictures), len(pictures) // 3
    x = torch.cat([crops(pictures[:third], pose[:third]), crops(pictures[third:2 * third], pose[third:2 * third], 'reflection'),
                   crops(pictures[2 * third:], pose[2 * third:], 'zeros')])[(order := torch.randperm(n))]
    k = n // 4
    x[:k] = quantised(x[:k])
    small = F.interpolate(x[k // 2:2 * k], size=int(torch.randint(x.shape[2] // 4, x.shape[2], ())), mode='bilinear', antialias=True, align_corners=False)
    x[k // 2:2 * k] = F.interpolate(small, size=x.shape[2], mode='bilinear', align_corners=False)
    x = F.avg_pool2d(x, x.shape[2] // SIDE)
    on = (torch.rand(n, 1, 1, 1) < .5).float()
    near = lambda amount, channels: amount * on * (2 * torch.rand(n, channels, 1, 1) - 1)
    x = (x * (1 + near(.2, 1) + near(.06, 3)) + near(.1, 1) + near(.04, 3)).clamp(-1, 1)
    x = x + .06 * on * torch.rand(n, 1, 1, 1) * torch.randn(x.shape)
    return x, order


@torch.no_grad()
def held_out(G, net, coordinates, count=64):
    "mean |difference| between the answer's picture and the model's, for seeds at psi 0.7, offsets to 5 %, turns to 5 degrees"
    state = torch.random.get_rng_state()
    torch.manual_seed(977)
    z = torch.from_numpy(np.concatenate([np.random.RandomState(1000 + i).randn(1, G.z_dim) for i in range(count)])).float()
    w = G.w_avg + .7 * (G.map(z) - G.w_avg)
    pose = poses(count, (.1, .1, 0, math.radians(5)))
    torch.random.set_rng_state(state)
    picture = G.picture(w)
    out = net(F.avg_pool2d(crops(picture, pose), G.resolution // SIDE))
    error = (G.picture(coordinates.w(out[:, :-POSE])) - picture).abs().mean([1, 2, 3])
    return dict(picture=round(float(error.mean()), 4), worst=round(float(error.max()), 4),
                pose=[round(float(x), 4) for x in (out[:, -POSE:] * torch.tensor(LIMITS) - pose).abs().mean(0)])


def save(G, net, coordinates, path):
    "the last layer answers in w and in the crop's own units"
    c, state = coordinates, {k: v.detach().float() for k, v in net.state_dict().items()}
    back = (c.axes * c.scale)
    weight, bias = state.pop('out.weight'), state.pop('out.bias')
    limits = torch.tensor(LIMITS)
    state['w.weight'], state['w.bias'] = back @ weight[:-POSE], c.mean + back @ bias[:-POSE]
    state['pose.weight'], state['pose.bias'] = limits[:, None] * weight[-POSE:], limits * bias[-POSE:]
    tensors = {k: v.numpy().astype(np.float32 if k == 'w.bias' else np.float16) for k, v in state.items()}
    description = dict(format='mien.encoder/1', generator=G.sha256, side=SIDE, widths=WIDTHS, pooled=POOLED, hidden=HIDDEN, w_dim=G.w_dim)
    write_safetensors(path, tensors, {'mien': json.dumps(description)})
    return {k: torch.from_numpy(v.astype(np.float32)) for k, v in tensors.items()}


@torch.no_grad()
def restore(net, coordinates, path):
    "weights of a file, of this generator or another: what `save` did to the last layer is undone"
    c, (_, t, _) = coordinates, read_safetensors(path)
    limits = torch.tensor(LIMITS)
    back, weight, bias = c.axes.t() / c.scale[:, None], t.pop('w.weight'), t.pop('w.bias')
    t['out.weight'] = torch.cat([back @ weight, t.pop('pose.weight') / limits[:, None]])
    t['out.bias'] = torch.cat([back @ (bias - c.mean), t.pop('pose.bias') / limits])
    net.load_state_dict(t)


@torch.no_grad()
def take_over(net, path):
    "all of another generator's encoder but what answers in w"
    limits, (_, t, _) = torch.tensor(LIMITS), read_safetensors(path)
    state = net.state_dict()
    state['out.weight'][-POSE:], state['out.bias'][-POSE:] = t.pop('pose.weight') / limits[:, None], t.pop('pose.bias') / limits
    state.update({k: v for k, v in t.items() if not k.startswith('w.')})
    net.load_state_dict(state)


@torch.no_grad()
def answer_linearly(net, coordinates, pool, ws, rounds=4):
    "the last layer by regression on what the layers before it see"
    rows = []
    for first in list(range(0, len(ws), 512)) * rounds:
        part = slice(first, first + 512)
        pose = poses(len(ws[part]))
        x, order = seen(pool[part].float() / 127, pose)
        rows.append((net.features(x.contiguous(memory_format=torch.channels_last)), coordinates.of(ws[part][order])))
    X, Y = (torch.cat(r).double() for r in zip(*rows))
    X = torch.cat([X, torch.ones(len(X), 1)], 1)
    gram = X.t() @ X
    A = torch.linalg.solve(gram + .01 * gram.diagonal().mean() * torch.eye(len(gram)), X.t() @ Y).float()
    net.out.weight[:-POSE], net.out.bias[:-POSE] = A[:-1].t(), A[-1]


@torch.no_grad()
def golden(G, t, path):
    "three pictures and what the stored weights answer, in float64"
    z = torch.from_numpy(np.random.RandomState(7).randn(3, G.z_dim)).float()
    picture = crops(G.picture(G.w_avg + .7 * (G.map(z) - G.w_avg)), poses(3))
    image = (picture * 127.5 + 128).clamp(0, 255).to(torch.uint8)
    x = F.avg_pool2d((image.double() - 127.5) / 127.5, G.resolution // SIDE)
    t = {k: v.double() for k, v in t.items()}
    for i in range(len(WIDTHS)):
        x = F.leaky_relu(F.conv2d(x, t[f'conv.{i}.weight'], t[f'conv.{i}.bias'], padding=1), .2) * SQRT2
        if i in POOLED: x = F.avg_pool2d(x, 2)
    x = F.leaky_relu(F.linear(x.flatten(1), t['hidden.weight'], t['hidden.bias']), .2) * SQRT2
    answers = {k: F.linear(x, t[k + '.weight'], t[k + '.bias']).float().numpy() for k in ('w', 'pose')}
    np.savez(path, picture=image.numpy(), **answers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('model'), parser.add_argument('encoder')
    parser.add_argument('--start', help='an encoder to go on from')
    parser.add_argument('--trunk', help="an encoder of another generator, whose layers but the last are a start too")
    parser.add_argument('--golden'), parser.add_argument('--minutes', type=float, default=10)
    parser.add_argument('--threads', type=int, default=1), parser.add_argument('--rate', type=float, default=2e-3)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    G = Generator(a.model)
    c = Coordinates(G)
    net = Encoder(G.w_dim).to(memory_format=torch.channels_last)
    if a.start: restore(net, c, a.start)
    if a.trunk: take_over(net, a.trunk)
    optimiser = torch.optim.Adam(net.parameters(), lr=a.rate, betas=(.9, .99))
    kept = min(KEPT, G.resolution)      # the network's own picture of that size: finer layers hardly show at 64 pixels
    pool, ws = torch.zeros(POOL, 3, kept, kept, dtype=torch.int8), torch.zeros(POOL, G.w_dim)
    limits, metric = torch.tensor(LIMITS), c.metric + .01 * c.metric.trace() / G.w_dim * torch.eye(G.w_dim)
    step = filled = 0
    # of the processor, so that a run that was paused or shared the machine still sees as much
    clock = lambda: time.process_time() / a.threads
    started = logged = clock()
    losses = []
    while (done := (clock() - started) / (60 * a.minutes)) < 1:
        with torch.no_grad():
            w = latents(G, NEW if filled >= FIRST else 64)
            p = G.picture(w, kept, 'random' if step % 2 else 'const', torch.bfloat16)
            at = torch.arange(filled, filled + len(w)) % POOL
            pool[at], ws[at] = (p.clamp(-1, 1) * 127).round().to(torch.int8), w
            filled += len(w)
        if filled < FIRST: continue
        if a.trunk and not step: answer_linearly(net, c, pool[:filled], ws[:filled])
        step += 1
        for g in optimiser.param_groups: g['lr'] = a.rate * min(1, step / 100) * (.5 + .5 * math.cos(math.pi * done) + .005)
        pick = torch.randint(min(filled, POOL), (BATCH,))
        pose = poses(BATCH) * (torch.rand(BATCH, 1) ** .5)
        x, order = seen(pool[pick].float() / 127, pose)
        w, pose = ws[pick][order], pose[order]
        with torch.autocast('cpu', torch.bfloat16): out = net(x.contiguous(memory_format=torch.channels_last))
        out = out.float()
        error = out[:, :-POSE] - c.of(w)
        loss = 4 * ((error @ metric) * error).sum(1).mean() + .3 * (out[:, -POSE:] - pose / limits).square().mean()
        if a.start or a.trunk or done > .4:
            with torch.no_grad(): target = G.picture(w[:SHOWN], 32, dtype=torch.bfloat16)
            shown = (G.picture(c.w(out[:SHOWN, :-POSE]), 32, dtype=torch.bfloat16) - target).abs().mean([1, 2, 3])
            # squares too, as it is the worst answers that a projection has to make good
            loss = loss + (shown + 4 * shown.square()).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.)
        optimiser.step()
        losses.append(float(loss.detach()))
        if clock() - logged > 60:
            print(json.dumps(dict(minutes=round((clock() - started) / 60, 1), step=step, pictures=filled, loss=round(float(np.mean(losses)), 4), held=held_out(G, net, c))), flush=True)
            save(G, net, c, a.encoder)
            logged, losses = clock(), []
    print(json.dumps(dict(minutes=a.minutes, step=step, pictures=filled, held=held_out(G, net, c))), flush=True)
    stored = save(G, net, c, a.encoder)
    if a.golden: golden(G, stored, a.golden)


if __name__ == '__main__': main()
