"""Turns, recolours and blurs renders with known landmarks, for train.cpp:  prepare.py OUT SHARD...

SHARD: path of NNNN.npz (landmarks [n,68,2], offsets [n+1]) with NNNN.bin (PNG files end to end), as
`mien dataset render` writes them. OUT: of each picture width, height (int32), the points of a face
(float64 x, y; POINTS below), grey pixels.
"""
import io, struct, sys
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

rng = np.random.default_rng(5)
MIRRORED = [1, 0, 3, 2, 4, 6, 5, 7]

def points(l):
    "both eyes, their outer corners, the tip of the nose, the corners of the mouth, the lower lip"
    return np.stack([l[36:42].mean(0), l[42:48].mean(0), l[36], l[45], l[30], l[48], l[54], l[57]])

def changed(im, p):
    w = im.width
    if rng.random() < .5: im = im.transpose(Image.FLIP_LEFT_RIGHT); p = (p * [-1, 1] + [w, 0])[MIRRORED]
    turn = float(np.clip(rng.normal() * 13, -35, 35)); t = np.deg2rad(turn); c = np.array([w / 2, w / 2])
    im = im.rotate(turn, Image.BICUBIC, fillcolor=tuple(int(v) for v in rng.integers(0, 256, 3)))
    p = (p - c) @ np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]]).T + c
    zoom = rng.uniform(.55, 1.1); side = int(w * zoom); p = p * (side / w)
    im = im.resize((side, side), Image.BOX if zoom < 1 else Image.BICUBIC)
    if rng.random() < .25:                                  # something held before the face
        x, y = p[:, 0].mean() + rng.normal() * side * .2, p[:, 1].mean() + rng.normal() * side * .2; a, b = rng.uniform(.02, .12, 2) * side
        ImageDraw.Draw(im).ellipse([x - a, y - b, x + a, y + b], fill=tuple(int(v) for v in rng.integers(0, 256, 3)))
    if rng.random() < .3: im = im.filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1.6) * side / 256))
    g = np.asarray(im).astype(float) @ rng.dirichlet([4, 8, 2])
    y, x = np.mgrid[:side, :side] / side - .5
    g = (g - 128) * rng.uniform(.45, 1.5) + 128 + rng.uniform(-50, 50) + (rng.normal() * x + rng.normal() * y) * 40
    g = 255 * (g.clip(0, 255) / 255) ** np.exp(rng.normal() * .35)
    if rng.random() < .4: g = g + rng.normal(size=g.shape) * rng.uniform(1, 15)
    return g.clip(0, 255).astype(np.uint8), p

with open(sys.argv[1], 'wb') as out:
    for path in sys.argv[2:]:
        path, _, most = path.partition(':'); a = np.load(path); data = open(path[:-3] + 'bin', 'rb').read(); offsets = a['offsets']
        for i in range(min(int(most or 1e9), len(offsets) - 1)):
            im = Image.open(io.BytesIO(data[int(offsets[i]):int(offsets[i + 1])])).convert('RGB')
            g, p = changed(im, points(a['landmarks'][i].astype(float)))
            out.write(struct.pack('<2i16d', g.shape[1], g.shape[0], *p.ravel()) + g.tobytes())
