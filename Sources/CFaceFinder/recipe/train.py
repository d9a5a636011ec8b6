"""Trains the face finder on rendered faces with known landmarks and writes face-finder.safetensors.

  train.py RENDERS OUT.safetensors [--minutes 4] [--shards 12] [--only finder|marker] [--start WEIGHTS]

RENDERS: shards NNNN.bin (PNG files end to end) with NNNN.npz (landmarks [n,68,2], offsets [n+1]).
Two small networks: `finder` marks faces of 36 to 90 pixels (side of the FFHQ crop) anywhere in a
picture, `marker` finds the marks of one face in a square about it. Faces are pasted, turned, scaled,
recoloured, covered, blurred and made noisy on backgrounds drawn by this file. No photograph is used.
"""
import argparse, glob, io, json, os, struct, time
import numpy as np, torch, torch.nn.functional as F
from torch import nn
from PIL import Image, ImageDraw

SIDE, NEAR, FAR = 128, 36, 90                       # canvas of the finder; the range of sizes it finds
CROP = 96                                           # canvas of the marker
rng = np.random.default_rng(5); torch.manual_seed(5)

class Finder(nn.Module):
    def __init__(s, wide=40):
        super().__init__()
        s.c1 = nn.Conv2d(48, 32, 3, padding=1); s.c2 = nn.Conv2d(32, 32, 3, padding=1); s.c3 = nn.Conv2d(128, wide, 1)
        for k in (4, 5, 6, 7): setattr(s, f'c{k}', nn.Conv2d(wide, wide, 3, padding=1))
        s.c8 = nn.Conv2d(wide, 7, 1); nn.init.constant_(s.c8.bias, 0); s.c8.bias.data[0] = -4
    def forward(s, x):                              # [B,3,H,W] -1..1 -> [B,7,H/8,W/8]: score, 3 points
        x = F.relu(s.c1(F.pixel_unshuffle(x, 4))); x = F.relu(s.c2(x)); x = F.relu(s.c3(F.pixel_unshuffle(x, 2)))
        for c in (s.c4, s.c5, s.c6, s.c7): x = x + F.relu(c(x))
        return s.c8(x)

class Marker(nn.Module):
    def __init__(s):
        super().__init__()
        s.c1 = nn.Conv2d(48, 32, 3, padding=1); s.c2 = nn.Conv2d(32, 32, 3, padding=1); s.c3 = nn.Conv2d(128, 48, 1)
        s.c4 = nn.Conv2d(48, 48, 3, padding=1); s.c5 = nn.Conv2d(192, 48, 1); s.c6 = nn.Conv2d(48, 48, 3, padding=1); s.c7 = nn.Conv2d(48, 11, 6)
    def forward(s, x):                              # [B,3,96,96] -> [B,11]: score, 5 points
        x = F.relu(s.c1(F.pixel_unshuffle(x, 4))); x = F.relu(s.c2(x)); x = F.relu(s.c3(F.pixel_unshuffle(x, 2)))
        x = x + F.relu(s.c4(x)); x = F.relu(s.c5(F.pixel_unshuffle(x, 2))); x = x + F.relu(s.c6(x))
        return s.c7(x).flatten(1)

# --- pictures
def renders(folder, shards):
    pics, marks = [], []
    for p in sorted(glob.glob(folder + '/[0-9]*.npz'))[:shards]:
        a = np.load(p); L = a['landmarks'].astype(np.float32) / 256; o = a['offsets']; b = open(p[:-3] + 'bin', 'rb').read()
        for i in range(len(L)): pics.append(np.asarray(Image.open(io.BytesIO(b[o[i]:o[i + 1]])).convert('RGB').reduce(2)))
        marks.append(np.stack([L[:, 36:42].mean(1), L[:, 42:48].mean(1), L[:, 30], L[:, 48], L[:, 54]], 1))
    return torch.from_numpy(np.stack(pics)).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(np.concatenate(marks)) * 2 - 1

def background(faces):
    n = 160; kind = rng.integers(6); colour = lambda: tuple(int(v) for v in rng.integers(0, 256, 3))
    f = np.fft.rfftfreq(n)[None] ** 2 + np.fft.fftfreq(n)[:, None] ** 2; f[0, 0] = 1
    cloud = np.stack([np.fft.irfft2(np.fft.rfft2(rng.standard_normal((n, n))) / f ** rng.uniform(.3, 1.2)) for _ in range(3)], 2)
    cloud = cloud / cloud.std() * rng.uniform(5, 60) + rng.integers(20, 236, 3)
    if rng.random() < .5: cloud = cloud.mean(2, keepdims=True).repeat(3, 2) * .8 + cloud * .2
    im = Image.fromarray(cloud.clip(0, 255).astype(np.uint8))
    d = ImageDraw.Draw(im); box = lambda s: [*(p := rng.integers(-20, n, 2)), *(p + rng.integers(2, s, 2))]
    if kind == 1:
        for _ in range(rng.integers(3, 40)): (d.ellipse if rng.random() < .5 else d.rectangle)([int(v) for v in box(70)], fill=colour(), outline=colour() if rng.random() < .3 else None)
    elif kind == 2:                                 # stripes, checks
        s = int(rng.integers(2, 24)); a, b = colour(), colour(); chk = rng.random() < .4
        for y in range(0, n, s):
            for x in range(0, n, s if chk else n):
                if (x // s * chk + y // s) % 2: d.rectangle([x, y, x + (s if chk else n) - 1, y + s - 1], fill=a)
    elif kind == 3:                                 # strokes and writing
        for _ in range(rng.integers(5, 60)): d.line([int(v) for v in rng.integers(0, n, 4)], fill=colour(), width=int(rng.integers(1, 9)))
        for _ in range(rng.integers(0, 12)): d.text([int(v) for v in rng.integers(0, n, 2)], ''.join(chr(rng.integers(33, 122)) for _ in range(9)), fill=colour())
    elif kind == 4:                                 # blobs of the colours of faces, with dots
        for _ in range(rng.integers(1, 6)):
            x, y, w, h, _, _ = *rng.integers(0, n, 2), *rng.integers(20, 80, 2), 0, 0; skin = np.array([200, 150, 120]) * rng.uniform(.25, 1.2)
            d.ellipse([int(x), int(y), int(x + w), int(y + h)], fill=tuple(int(v) for v in skin.clip(0, 255)))
            for _ in range(rng.integers(0, 3)): u = x + w * rng.random(); v = y + h * rng.random(); r = rng.uniform(1, 7); d.ellipse([u - r, v - r, u + r, v + r], fill=colour())
    elif kind == 5:                                 # a face taken apart: hair, skin, cloth, single features
        t = int(rng.choice([8, 16, 32])); src = np.tile(faces[rng.integers(len(faces))].permute(1, 2, 0).numpy(), (2, 2, 1))[:n, :n]; m = n // t
        q = [np.rot90(src[y * t:y * t + t, x * t:x * t + t], rng.integers(4)) for y in range(m) for x in range(m)]; order = rng.permutation(len(q))
        im = Image.fromarray(np.concatenate([np.concatenate([q[order[y * m + x]] for x in range(m)], 1) for y in range(m)], 0))
    return np.asarray(im)

def uniform(n, a, b): return torch.rand(n) * (b - a) + a
def fetch(pictures, index, size, scale, angle, centre, at):
    "the pictures turned and scaled: `centre` [-1,1 of the picture] comes to lie `at` [pixels]"
    g = torch.arange(size) + .5; y, x = torch.meshgrid(g, g, indexing='ij'); x = x[None] - at[:, 0, None, None]; y = y[None] - at[:, 1, None, None]
    c, s, k = torch.cos(angle)[:, None, None], torch.sin(angle)[:, None, None], scale[:, None, None]
    grid = torch.stack([(x * c + y * s) / k + centre[:, 0, None, None], (y * c - x * s) / k + centre[:, 1, None, None]], -1)
    return F.grid_sample(pictures[index].float() / 127.5 - 1, grid, padding_mode='reflection', align_corners=False), grid

def frame(m):
    "centre and side of the FFHQ crop, from marks [B,5,2]"
    e = (m[:, 0] + m[:, 1]) / 2; across = m[:, 1] - m[:, 0]; down = (m[:, 3] + m[:, 4]) / 2 - e
    return e + .1 * down, 2 * torch.maximum(2 * across.norm(dim=1), 1.8 * down.norm(dim=1)), down

def tint(x, strength):
    n = len(x); f = lambda a, b: uniform(n, a, b)[:, None, None, None]
    grey = x.mean(1, keepdim=True); x = grey + (x - grey) * torch.where(f(0, 1) < .15, 0., f(.3, 1.6))
    x = x * f(1 - strength, 1 + strength) + f(-.5, .5) * strength * 1.4 + (torch.rand(n, 3, 1, 1) - .5) * strength
    x = x.clamp(-1, 1); return x + f(-.4, .4) * (x * x - 1)        # about a gamma of 0.5 to 2

def compose(faces, marks, grounds, n, size, layers):
    """pictures [n,3,size,size] and, for each layer, marks in pixels [n,5,2], side of the crop, kind [n]: 1 face, 0 none, -1 neither.
    layers: function of k -> (side of the crop, place of its centre, angle, share of pictures)"""
    x, _ = fetch(grounds, torch.randint(len(grounds), (n,)), size, torch.exp(uniform(n, 3.4, 5.3)), uniform(n, 0, 6.28), torch.rand(n, 2) - .5, torch.rand(n, 2) * size)
    x = tint(x, .4); found = []
    for k in layers:
        side, at, angle, share = k; i = torch.randint(len(faces), (n,)); m = marks[i].clone()
        flip = torch.rand(n) < .5; pic = faces[i]; pic = torch.where(flip[:, None, None, None], pic.flip(3), pic)
        mm = m.clone(); mm[:, :, 0] *= -1; mm = mm[:, [1, 0, 2, 4, 3]]; m = torch.where(flip[:, None, None], mm, m)
        centre, q, down = frame(m); scale = side / q
        y, grid = fetch(pic, torch.arange(n), size, scale, angle, centre, at)
        # mask: an ellipse or box about the head, of any tightness, inside the render
        mid = centre + down * uniform(n, -.3, .15)[:, None]; a = q * uniform(n, .32, .62); b = q * uniform(n, .42, .7); p = torch.where(torch.rand(n) < .6, 2., 8.)[:, None, None]
        r = ((grid[..., 0] - mid[:, 0, None, None]).abs() / a[:, None, None]) ** p + ((grid[..., 1] - mid[:, 1, None, None]).abs() / b[:, None, None]) ** p
        soft = torch.exp(uniform(n, 1, 4))[:, None, None]; alpha = torch.sigmoid((1 - r.clamp(max=9)) * soft) * (grid.abs().amax(-1) < 1); alpha = alpha * (torch.rand(n) < share)[:, None, None]
        # some are no faces: the inside of the head in the wrong order
        broken = torch.rand(n) < .12; t = max(4, int(size * .08)); bad = torch.roll(y, (t, -t), (2, 3)).flip(2) if torch.rand(()) < .5 else F.interpolate(F.avg_pool2d(y, 8), size=size)
        inner = (torch.exp(-(r * 1.5) ** 2))[:, None]; y = torch.where(broken[:, None, None, None], y * (1 - inner) + bad * inner, y)
        y = tint(y, .35); x = x * (1 - alpha[:, None]) + y * alpha[:, None]
        c, s = torch.cos(angle)[:, None], torch.sin(angle)[:, None]; d = (m - centre[:, None]) * scale[:, None, None]
        px = torch.stack([d[..., 0] * c - d[..., 1] * s, d[..., 0] * s + d[..., 1] * c], -1) + at[:, None]
        for f in found:                             # an earlier face that this one covers
            v = f[0].mean(1).long().clamp(0, size - 1); f[2][(alpha[torch.arange(n), v[:, 1], v[:, 0]] > .3) & (f[2] != 0)] = -1
        inside = ((px > 2) & (px < size - 2)).all(-1).float().mean(1)
        kind = torch.where(alpha.flatten(1).amax(1) < .5, 0, torch.where(broken, -2, torch.where(inside > .99, 1, -1)))
        found.append([px, side, kind])
    # something held before the picture, light, blur, noise
    z, _ = fetch(grounds, torch.randint(len(grounds), (n,)), size, uniform(n, 30, 160), uniform(n, 0, 6.28), torch.rand(n, 2) - .5, torch.rand(n, 2) * size)
    g = torch.arange(size) + .5; gy, gx = torch.meshgrid(g, g, indexing='ij'); o = torch.rand(n, 2, 1, 1) * size; w = uniform(n, .02, .16)[:, None, None] * size; h = uniform(n, .02, .16)[:, None, None] * size
    cover = (((gx - o[:, 0]).abs() / w) ** 4 + ((gy - o[:, 1]).abs() / h) ** 4 < 1) & (torch.rand(n) < .4)[:, None, None]
    x = torch.where(cover[:, None], z, x)
    u = torch.randn(n, 2, 1, 1) * .35 * (torch.rand(n, 1, 1, 1) < .5); x = x + (u[:, :1] * (gx / size - .5) + u[:, 1:] * (gy / size - .5))
    blur = torch.rand(n); k = torch.tensor([1, 4, 6, 4, 1.]) / 16; k = (k[:, None] * k)[None, None].repeat(3, 1, 1, 1)
    soft1 = F.conv2d(F.pad(x, (2, 2, 2, 2), 'reflect'), k, groups=3); x = torch.where((blur < .4)[:, None, None, None], soft1, x)
    x = torch.where((blur < .12)[:, None, None, None], F.conv2d(F.pad(soft1, (2, 2, 2, 2), 'reflect'), k, groups=3), x)
    x = tint(x, .15) + torch.randn_like(x) * (uniform(n, 0, 1) ** 3 * .2)[:, None, None, None]
    return x.clamp(-1, 1), found

# --- losses
def finder_batch(faces, marks, grounds, n=16):
    def layer(share): return torch.exp(uniform(n, np.log(24), np.log(125))), torch.rand(n, 2) * SIDE, (torch.randn(n) * .3).clamp(-.8, .8), share
    return compose(faces, marks, grounds, n, SIDE, [layer(.75), layer(.35)])
def finder_loss(net, x, found):
    n = len(x)
    with torch.autocast('cpu', torch.bfloat16): out = net(x)
    out = out.float(); h = SIDE // 8; g = torch.arange(h) * 8 + 4.; cy, cx = torch.meshgrid(g, g, indexing='ij')
    target = torch.zeros(n, h, h); ignore = torch.zeros(n, h, h, dtype=torch.bool); points = 0; weight = 0
    for px, side, kind in found:
        c = px[:, [0, 1, 3, 4]].mean(1); d = ((cx - c[:, 0, None, None]) ** 2 + (cy - c[:, 1, None, None]) ** 2); near = d < (.3 * side[:, None, None]) ** 2
        good = (kind == 1) & (side > NEAR) & (side < FAR); ok = ((kind == 1) & (side > NEAR * .75) & (side < FAR * 1.25)) | (kind == -1)
        target = torch.maximum(target, torch.exp(-d / (2 * 6.5 ** 2)) * good[:, None, None]); ignore |= near & (ok & ~good)[:, None, None]
        pos = (d < 12 ** 2) & good[:, None, None]; three = torch.stack([px[:, 0], px[:, 1], (px[:, 3] + px[:, 4]) / 2], 1)
        want = torch.stack([three[:, :, 0, None, None] - cx, three[:, :, 1, None, None] - cy], 2) / 32
        e = F.smooth_l1_loss(out[:, 1:].view(n, 3, 2, h, h), want, reduction='none', beta=.1).sum((1, 2)) / (side[:, None, None] / 57)
        points = points + (e * pos).sum(); weight = weight + pos.sum()
    p = torch.sigmoid(out[:, 0]).clamp(1e-5, 1 - 1e-5); hot = target > .7
    focal = torch.where(hot, -(1 - p) ** 2 * p.log(), -(1 - target) ** 4 * p ** 2 * (1 - p).log()) * ~ignore
    return focal.sum() / (hot & ~ignore).sum().clamp(min=1) + 6 * points / weight.clamp(min=1)

def marker_batch(faces, marks, grounds, n=32):
    side = CROP * uniform(n, .6, 1.05); at = CROP / 2 + torch.randn(n, 2).clamp(-2, 2) * 5
    far = torch.stack([torch.exp(uniform(n, 3, 4.6)), torch.zeros(n)]); corner = torch.rand(n, 2) * CROP
    return compose(faces, marks, grounds, n, CROP, [(far[0], corner, torch.randn(n) * .3, .25), (side, at, torch.randn(n) * .2, .78)])
def marker_loss(net, x, found):
    with torch.autocast('cpu', torch.bfloat16): out = net(x)
    out = out.float(); px, _, kind = found[1]; other = found[0][2] != 0
    yes = kind == 1; no = ((kind == 0) & ~other) | (kind == -2)
    score = F.binary_cross_entropy_with_logits(out[:, 0], yes.float(), reduction='none')[yes | no].mean()
    want = (px - CROP / 2) / (CROP / 2); e = F.smooth_l1_loss(out[:, 1:].view(-1, 5, 2), want, reduction='none', beta=.03).sum((1, 2))
    return score + 6 * (e * yes).sum() / yes.sum().clamp(min=1)

def train(net, batch, loss, data, minutes, rate, save):
    "Composing costs more than learning: every batch is learned from about five times. Kept are the weights' moving averages."
    opt = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-4); start = time.process_time(); step = 0; mean = None; kept = []; average = {k: v.clone() for k, v in net.state_dict().items()}
    while (t := (time.process_time() - start) / 60 / minutes) < 1:
        for g in opt.param_groups: g['lr'] = rate * min(1, step / 60) * (.5 + .5 * np.cos(np.pi * t))
        if step % 5 == 0 or len(kept) < 8:
            x, found = batch(*data); kept.append((((x + 1) * 127.5).round().byte(), found))
            if len(kept) > 120: kept.pop(int(rng.integers(60)))
        else: x, found = kept[rng.integers(len(kept))]; x = x.float() / 127.5 - 1
        value = loss(net, x, found); opt.zero_grad(); value.backward(); torch.nn.utils.clip_grad_norm_(net.parameters(), 2.); opt.step()
        mean = value.item() if mean is None else mean * .98 + value.item() * .02; step += 1
        for k, v in net.state_dict().items(): average[k].lerp_(v, max(.004, 1 / (step + 1)))
        if step % 100 == 0: print(f'{type(net).__name__} {step} {t:.2f} {mean:.4f} {time.strftime("%T")}', flush=True)
        if step % 250 == 0: save(average)
    save(average)

def write(path, nets, about):
    head, body, at = {'__metadata__': {'mien': json.dumps(about)}}, [], 0
    for name, weights in nets.items():
        for k, v in weights.items():
            b = v.half().numpy().tobytes(); head[f'{name}.{k}'] = dict(dtype='F16', shape=list(v.shape), data_offsets=[at, at + len(b)]); body.append(b); at += len(b)
    h = json.dumps(head, separators=(',', ':')).encode(); h += b' ' * (-len(h) % 8)
    open(path, 'wb').write(struct.pack('<Q', len(h)) + h + b''.join(body))

def read(path):
    b = open(path, 'rb').read(); n = struct.unpack('<Q', b[:8])[0]; head = json.loads(b[8:8 + n])
    return {k: torch.from_numpy(np.frombuffer(b[8 + n + e['data_offsets'][0]:8 + n + e['data_offsets'][1]], '<f2').astype(np.float32).reshape(e['shape'])) for k, e in head.items() if k != '__metadata__'}

if __name__ == '__main__':
    a = argparse.ArgumentParser(); a.add_argument('renders'); a.add_argument('out'); a.add_argument('--minutes', type=float, default=4); a.add_argument('--shards', type=int, default=12); a.add_argument('--only', help='finder or marker'); a.add_argument('--start', help='weights to go on from'); a = a.parse_args()
    torch.set_num_threads(1); faces, marks = renders(a.renders, a.shards); print(len(faces), 'renders', time.process_time(), flush=True)
    grounds = torch.from_numpy(np.stack([background(faces) for _ in range(1200)])).permute(0, 3, 1, 2).contiguous(); print('backgrounds', time.process_time(), flush=True)
    finder, marker = Finder(), Marker(); data = (faces, marks, grounds)
    for name, net, batch, loss in (('finder', finder, finder_batch, finder_loss), ('marker', marker, marker_batch, marker_loss)):
        if a.start: net.load_state_dict({k[len(name) + 1:]: v for k, v in read(a.start).items() if k.startswith(name)} or net.state_dict())
        if a.only in (None, name): train(net, batch, loss, data, a.minutes, 2e-3, lambda weights: write(f'{a.out}.{name}', {name: weights}, {}))
    both = {name: {k[7:]: v for k, v in read(f'{a.out}.{name}').items()} for name in ('finder', 'marker') if os.path.exists(f'{a.out}.{name}')}
    write(a.out, both, {'kind': 'face finder', 'canvas': SIDE, 'near': NEAR, 'far': FAR, 'crop': CROP})
