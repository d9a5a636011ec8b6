"""Directions in W that move one attribute each.

They are first found in closed form: labels regressed on w, and for each attribute the smallest step (by the covariance of W)
that moves it by one standard deviation and no other of the list. Then generated pictures are measured with the attribute
network while w moves, on several ranges of rows: the range that keeps other attributes stillest is chosen among those that
still move the attribute enough, and the measured cross-talk on that range is taken out by mixing directions."""
import numpy as np, torch, torch.nn.functional as F
from attributes import SIZE
from modelfile import rows_of

# name shown to people -> label
ATTRIBUTES = {
    'yaw': 'yaw', 'pitch': 'pitch', 'smile': 'smile', 'mouth open': 'mouth_open', 'eyes open': 'eyes_open', 'gaze': 'gaze_x',
    'age': 'age', 'feminine': 'feminine', 'face width': 'face_width', 'skin tone': 'skin_tone', 'hair lightness': 'hair_lightness',
    'hair length': 'hair_length', 'curliness': 'curliness', 'grey hair': 'grey_hair', 'balding': 'balding', 'beard': 'beard',
    'glasses': 'glasses', 'make-up': 'makeup', 'brow height': 'brow_height', 'light from side': 'light_x',
    'light contrast': 'light_contrast', 'background light': 'bg_lightness'}
RANGES = ['all', '0-3', '0-5', '0-7', '4-13', '6-13', '8-13']
RIDGE = 1e-4
STRONG_ENOUGH = .75      # of the effect on all rows, for a narrower range to be taken


def regress(W, labels):
    """W [n, w_dim], labels [n, k] -> directions [k, w_dim], R2 [k] on the last quarter"""
    n = len(W)
    X, T = W - W.mean(0), (labels - labels.mean(0)) / labels.std(0)
    covariance, m = X.T @ X / n, n * 3 // 4
    ridge = RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    B = np.linalg.solve(X[:m].T @ X[:m] / m + ridge, X[:m].T @ T[:m] / m)
    r2 = 1 - ((T[m:] - X[m:] @ B) ** 2).mean(0) / T[m:].var(0)
    D = covariance @ B @ np.linalg.inv(B.T @ covariance @ B)
    return D.T.astype(np.float32), r2


@torch.no_grad()
def mapped(G, z, size=1000):
    return torch.cat([G.mapping(torch.from_numpy(z[i:i + size])) for i in range(0, len(z), size)])


class Gauge:
    "reads attributes off generated pictures, in standard deviations of the labels"

    def __init__(self, G, net, names, batch=16, level=None):
        "level: a coarser one is quicker, and the network reads no finer pictures than 128 pixels"
        self.G, self.net, self.batch, self.level = G, net, batch, level
        self.columns = [names.index(label) for label in ATTRIBUTES.values()]
        self.noise = [n[None, None] for n in G.synthesis.const_noise()]

    @torch.no_grad()
    def pictures(self, ws):
        "[n, num_ws, w_dim] -> [n, 3, 128, 128]"
        out = []
        for part in ws.split(self.batch):
            x = self.G.synthesis(part, self.level, self.noise, torch.bfloat16).clamp(-1, 1)
            out.append(F.avg_pool2d(x, x.shape[2] // SIZE) if x.shape[2] > SIZE else F.interpolate(x, size=SIZE, mode='bilinear'))
        return torch.cat(out)

    @torch.no_grad()
    def read(self, ws):
        "[n, attributes]; for binary labels the logit stands for the standard deviation"
        x = self.pictures(ws)
        parts = [self.net(p.to(torch.bfloat16, memory_format=torch.channels_last))[0] for p in x.split(64)]
        return torch.cat(parts)[:, self.columns].numpy()

    def moved(self, w, step, rows):
        "w [n, w_dim] on all rows, step [w_dim] added on some"
        ws = w[:, None].repeat(1, self.G.synthesis.num_ws, 1)
        first, end = rows_of(rows, self.G.synthesis.num_ws)
        ws[:, first:end] += step
        return ws

    def response(self, w, D, rows, size):
        "[directions, attributes]: mean change for one standard deviation"
        out = []
        for d in torch.from_numpy(D):
            up, down = self.read(self.moved(w, size * d, rows)), self.read(self.moved(w, -size * d, rows))
            out.append((up - down).mean(0) / (2 * size))
        return np.array(out)


def refine(gauge, D, z, psi=.7, size=1.5):
    """-> directions [k, w_dim], rows [k] as text. Cross-talk is measured for each range of rows; R[i, j] is how attribute j
    answers to direction i. A row of the inverse of R mixes directions into one that moves its attribute alone."""
    average = gauge.G.mapping.w_avg
    w = average + psi * (mapped(gauge.G, z) - average)
    answers = {rows: gauge.response(w, D, rows, size) for rows in RANGES}
    chosen, rows_chosen = [], []
    full = np.abs(np.diag(answers['all']))
    for i in range(len(D)):
        best = None
        for rows in RANGES:
            R = answers[rows]
            own = abs(R[i, i])
            if own < STRONG_ENOUGH * full[i]: continue
            stray = np.abs(np.delete(R[i], i)).sum() / own
            if best is None or stray < best[0] * (1 if rows != 'all' else .9): best = (stray, rows)
        R, rows = answers[best[1]], best[1]
        # Regularised, and each mixture limited to directions that move something on these rows.
        wanted = np.zeros(len(D))
        wanted[i] = 1
        mixture = np.linalg.solve(R @ R.T + .02 * np.eye(len(D)), R @ wanted)
        step = mixture @ D
        # To one standard deviation, at most three times as long as it was.
        effect = (mixture @ R)[i]
        step = step / max(effect, .2)
        longest = 3 * np.linalg.norm(D[i])
        step *= min(1, longest / np.linalg.norm(step))
        chosen.append(step)
        rows_chosen.append(rows)
    return np.array(chosen, np.float32), rows_chosen
