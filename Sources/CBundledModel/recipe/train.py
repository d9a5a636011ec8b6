"""Supervised training of the generator: z -> its render, grown level by level. Run again to resume.

  train.py DATA OUT --labels labels.npz [--until 64] [--goals 64:60000,128:40000]      checkpoints, sheets and log.jsonl go to OUT

Labels of people that nobody renders cost nothing: they keep the mapping network from learning the renders by heart. It must place
z so that every label can be read off w by a linear map, which also makes W a space of straight directions.

--goals changes how many pictures levels get. Where there are few renders of 256 pixels, those of another look or size but of the
same axes still teach shapes: --small DATA names a folder with them.
"""
import argparse, json, math, os, time
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from dataset import Renders
from losses import FINE_EDGES, picture_loss, texture_loss
from network import Generator, compiled_if_equal
from optimiser import Muon

#          level, pictures, batch, learning rate, share of the time that goes to cheap steps of 64 pixels
STAGES = [(32, 120_000, 32, .004, 0), (64, 300_000, 32, .004, 0), (128, 200_000, 16, .003, .3), (256, 200_000, 8, .0025, .3)]
SMALL_LEVEL, SMALL_BATCH = 64, 32
W_DIM, BASE, MOST_CHANNELS, MAPPING_LAYERS = 384, 4096, 256, 4
MAPPING_RATE = 60          # the mapping network's parameters are stored divided by 0.01, so their steps are longer
AVERAGE_IMAGES = 6000      # half-life of the averaged weights
CHECKPOINT_SECONDS = 240
LABEL_BATCH, LABEL_WEIGHT = 256, .3
TEXTURE_FROM = 128         # level from which texture counts and noise inputs are live


def first_mapping_layer(G, data):
    "mixtures of the directions of z that move the pictures, by their share in it"
    index = np.arange(min(data.count, 24000))
    Z, pictures = data.z(index), []
    for i in range(0, len(index), 500):
        part = index[i:i + 500]
        pictures.append((data.pictures(part, 32) * data.weights(part, 32).sqrt()).flatten(1))
    Y = torch.cat(pictures)
    B = torch.linalg.solve(Z.T @ Z + torch.eye(Z.shape[1]), Z.T @ (Y - Y.mean(0)))
    U, S, _ = torch.linalg.svd(B, full_matrices=False)
    share = (S / S[0]).sqrt().clamp(min=.06)
    W = torch.randn(len(G.mapping.fc0.weight), len(share), generator=torch.Generator().manual_seed(1)) * share @ U.T
    W = W / W.norm(dim=1, keepdim=True) * math.sqrt(W.shape[1])
    G.mapping.fc0.weight.data.copy_(W / G.mapping.fc0.rate)


def to_sheet(x, columns):
    if x.shape[2] < 128: x = F.interpolate(x, size=128, mode='bilinear')
    x = ((x.clamp(-1, 1) + 1) * 127.5 + .5).byte().permute(0, 2, 3, 1).numpy()
    return np.vstack([np.hstack(x[i:i + columns]) for i in range(0, len(x), columns)])


def seeds(count, z_dim, first=0):
    "[count, z_dim], as StyleGAN2 numbers its pictures"
    return torch.from_numpy(np.concatenate([np.random.RandomState(s).randn(1, z_dim) for s in range(first, first + count)])).float()


def write_image(pixels, path):
    Image.fromarray(pixels).save(path + '.part', 'png')
    os.replace(path + '.part', path)


@torch.no_grad()
def write_sheets(G, level, path, held, psi=.7):
    "seeds 0-35 to path, and held-out renders above the generator's answers beside it"
    device, noise = next(G.parameters()).device, G.synthesis.const_noise() if level >= TEXTURE_FROM else None
    z = seeds(36, G.config['z_dim']).to(device)
    write_image(to_sheet(torch.cat([G(z[i:i + 6], level, noise, psi=psi) for i in range(0, 36, 6)]).cpu(), 9), path)
    index = np.arange(0, 18, 2)
    pairs = [held.pictures(index, level), G(held.z(index).to(device), level, noise).cpu()]
    write_image(np.vstack([to_sheet(x, 9) for x in pairs]), path.replace('.png', '_held.png'))


@torch.no_grad()
def held_out_error(G, level, held, count=96):
    device, errors = next(G.parameters()).device, []
    for i in range(0, count, 8):
        index = np.arange(2 * i, 2 * i + 16, 2)
        difference = G(held.z(index).to(device), level).cpu() - held.pictures(index, level)
        errors.append(float((difference.abs() * held.weights(index, level)).mean()))
    return float(np.mean(errors))


def save(value, path):
    torch.save(value, path + '.part')
    os.replace(path + '.part', path)


def loss_of(G, z, target, weight, noise, level):
    w = G.mapping(z)
    pictures = G.synthesis(G.rows(w), level, noise, torch.bfloat16, every=True)
    if level < TEXTURE_FROM: return picture_loss(pictures, target, weight), w
    return picture_loss(pictures, target, weight, FINE_EDGES) + texture_loss(pictures[-1], target), w


class LabelReading(torch.nn.Module):
    "labels as a linear map of w, learnt with the mapping network"
    def __init__(self, path, w_dim):
        super().__init__()
        arrays = np.load(path)
        self.z, labels = torch.from_numpy(arrays['z']), torch.from_numpy(arrays['labels'])
        self.values = (labels - labels.mean(0)) / labels.std(0).clamp(min=1e-6)
        self.read = torch.nn.Linear(w_dim, labels.shape[1])

    def loss(self, mapping, rng):
        index, device = rng.integers(0, len(self.z), LABEL_BATCH), self.read.weight.device
        w = mapping(self.z[index].to(device))
        return (self.read(w) - self.values[index].to(device)).square().mean()


class Training:
    def __init__(self, data, small, labels, out, goals, compiling):
        self.data, self.held, self.out = Renders(data), Renders(data, held_out=True), out
        self.small = Renders(small) if small else self.data
        self.device = 'cuda' if torch.cuda.is_available() else 'cpu'
        shape = (len(self.data.meta['axes']), W_DIM, self.data.size, BASE, MOST_CHANNELS, MAPPING_LAYERS)
        self.G, self.average = Generator(*shape), Generator(*shape).requires_grad_(False)
        self.stages = [(level, goals.get(level, pictures), *rest) for level, pictures, *rest in STAGES]
        self.stage = self.images = self.step = 0
        self.seconds, self.credit, self.compiling, self.functions = 0., 0., compiling, {}
        self.path = os.path.join(out, 'checkpoint.pt')
        state = torch.load(self.path, weights_only=True) if os.path.exists(self.path) else None
        if state is None: first_mapping_layer(self.G, self.data)
        else:
            assert state['axes'] == self.data.meta['axes'], 'the renders have other axes than the checkpoint'
            self.G.load_state_dict(state['G'])
            self.stage, self.images, self.step, self.seconds = (state[k] for k in ('phase', 'images', 'step', 'spent'))
        self.average.load_state_dict(state['E'] if state else self.G.state_dict())
        self.labels = LabelReading(labels, W_DIM)
        if state and 'labels' in state: self.labels.load_state_dict(state['labels'])
        for m in (self.G, self.average, self.labels): m.to(self.device)
        groups = [dict(params=self.G.synthesis.parameters()), dict(params=self.G.mapping.parameters()),
                  dict(params=self.labels.parameters())]
        self.optimiser = Muon(groups, lr=.002)
        if state and 'opt' in state: self.optimiser.load_state_dict(state['opt'])
        self.log_file, self.losses, self.label_losses = open(os.path.join(out, 'log.jsonl'), 'a'), [], []

    def log(self, **values):
        self.log_file.write(json.dumps(dict(time=time.strftime('%F %T'), **values)) + '\n')
        self.log_file.flush()

    def rate(self):
        level, goal, _, rate, _ = self.stages[self.stage]
        left = 1 - self.images / goal
        cooling = min(1, left / .3 + .02) if level == self.data.size else .5 + .5 * min(1, left / .3)
        return rate * min(1, (self.images + 200) / 4000) * cooling

    def take_step(self):
        level, _, batch, _, share = self.stages[self.stage]
        started, size = time.process_time(), level
        if share and self.credit > 0: size, batch = SMALL_LEVEL, SMALL_BATCH
        rate = self.rate()
        for group, factor in zip(self.optimiser.param_groups, (1., MAPPING_RATE, 1.)): group['lr'] = rate * factor
        data = self.small if size <= SMALL_LEVEL else self.data
        rng = np.random.default_rng([11, self.step])
        index = rng.integers(0, data.count, batch)
        on_device = lambda x: x.to(self.device)
        noise = [on_device(n) for n in self.G.synthesis.random_noise(batch, size)] if size >= TEXTURE_FROM else None
        arguments = (self.G, on_device(data.z(index)), on_device(data.pictures(index, size)),
                     on_device(data.weights(index, size)), noise, size)
        if size not in self.functions:
            self.functions[size], error = compiled_if_equal(loss_of, self.G, arguments) if self.compiling else (loss_of, 0)
            self.log(level=size, compiled_gradient_error=round(error, 4))
        loss, w = self.functions[size](*arguments)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        label_loss = self.labels.loss(self.G.mapping, rng)
        (LABEL_WEIGHT * label_loss).backward()
        self.label_losses.append(float(label_loss.detach()))
        if torch.isfinite(sum(p.grad.sum() for p in self.G.parameters() if p.grad is not None)): self.optimiser.step()
        with torch.no_grad():
            self.G.mapping.w_avg.lerp_(w.mean(0), .005)
            half_life = min(AVERAGE_IMAGES, max(500, self.images * .25))   # a new level's layers begin anywhere
            torch._foreach_lerp_(list(self.average.parameters()), list(self.G.parameters()), 1 - .5 ** (batch / half_life))
            self.average.mapping.w_avg.copy_(self.G.mapping.w_avg)
        seconds = time.process_time() - started
        self.seconds, self.step = self.seconds + seconds, self.step + 1
        if share: self.credit += seconds * share if size == level else -seconds * (1 - share)
        if size == level:
            self.images += batch
            self.losses.append(float(loss.detach()))
        if self.step % 100 == 0 and self.losses:
            self.log(level=level, images=self.images, loss=round(float(np.mean(self.losses)), 5),
                     labels=round(float(np.mean(self.label_losses)), 4), lr=rate,
                     pictures=data.count, cpu_s=round(self.seconds), size=size, per_s=round(batch / seconds, 1))
            self.losses, self.label_losses = [], []

    def checkpoint(self, done):
        level, images = self.stages[self.stage][0], self.images
        if done: self.stage, self.images = self.stage + 1, 0
        save(dict(G=self.G.state_dict(), E=self.average.state_dict(), opt=self.optimiser.state_dict(),
                  labels=self.labels.state_dict(), phase=self.stage,
                  images=self.images, step=self.step, spent=self.seconds, config=self.G.config,
                  axes=self.data.meta['axes']), self.path)
        write_sheets(self.average, level, os.path.join(self.out, 'sheet.png'), self.held)
        self.log(level=level, images=images, held_out_l1=round(held_out_error(self.average, level, self.held), 5),
                 pictures=self.data.count)
        if done:
            save(dict(E=self.average.state_dict(), config=self.G.config, axes=self.data.meta['axes'], level=level),
                 os.path.join(self.out, f'level{level}.pt'))
            write_sheets(self.average, level, os.path.join(self.out, f'sheet_level{level}.png'), self.held)

    def run(self, until):
        saved = refreshed = time.time()
        self.G.train()
        while self.stage < len(self.stages) and self.stages[self.stage][0] <= until:
            self.take_step()
            done = self.images >= self.stages[self.stage][1]
            if time.time() - refreshed > 120:
                for renders in {self.data, self.small}: renders.refresh()
                refreshed = time.time()
            if done or time.time() - saved > CHECKPOINT_SECONDS:
                self.checkpoint(done)
                saved = time.time()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('data')
    parser.add_argument('out')
    parser.add_argument('--until', type=int, default=256)
    parser.add_argument('--labels', required=True, help="what 'mien dataset labels' wrote")
    parser.add_argument('--small', metavar='DATA', help='renders for steps of at most 64 pixels')
    parser.add_argument('--goals', default='', help='LEVEL:PICTURES,...')
    parser.add_argument('--plain', action='store_true', help='without compiling')
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', 1)))
    torch.manual_seed(0)
    goals = {int(level): int(pictures) for level, pictures in (g.split(':') for g in a.goals.split(',') if g)}
    Training(a.data, a.small, a.labels, a.out, goals, not a.plain).run(a.until)


if __name__ == '__main__': main()
