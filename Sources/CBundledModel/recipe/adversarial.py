"""Second phase: adversarial training from the supervised model. Run again to resume.

  adversarial.py DATA OUT [--images 400000] [--batch 8] [--anchor 1] [--weight 0.1]

Non-saturating loss, lazy R1 and path-length regularisation, style mixing, random noise inputs (Karras and others 2020). The
anchor keeps each z on its render at half size and in features, so that axes keep their meaning; the finest level is left to the
discriminator. Writes OUT/adversarial.pt, which export.py takes like a checkpoint.
"""
import argparse, json, os, time
import numpy as np, torch, torch.nn.functional as F
from attributes import FeatureLoss
from dataset import Renders
from discriminator import Discriminator
from losses import picture_loss
from network import Generator
from train import CHECKPOINT_SECONDS, held_out_error, save, write_sheets

OPTIONS = dict(images=400_000, batch=8, anchor=1., weight=.1, gamma=1.6, rate=.001, mixing=.5, base=4096)
R1_EVERY, PATH_EVERY = 16, 4
WARM_UP = 20_000         # pictures over which the discriminator gets a start
AVERAGE_IMAGES = 10_000
HALF = torch.bfloat16


class Training:
    def __init__(self, a):
        self.options, self.device = a, 'cuda' if torch.cuda.is_available() else 'cpu'
        self.data, self.held = Renders(a.data), Renders(a.data, held_out=True)
        start = torch.load(os.path.join(a.out, 'checkpoint.pt'), weights_only=True, map_location=self.device)
        self.config, self.axes = start['config'], start['axes']
        self.G, self.average = (Generator(**self.config).to(self.device) for _ in range(2))
        for m in (self.G, self.average): m.load_state_dict(start['E'])
        self.average.requires_grad_(False)
        self.D = Discriminator(self.config['resolution'], a.base, self.config['cmax']).to(self.device)
        self.G_optimiser, self.D_optimiser = self.adam(self.G, PATH_EVERY), self.adam(self.D, R1_EVERY)
        self.features = FeatureLoss(os.path.join(a.out, 'attributes.pt')).to(self.device)
        self.step, self.path_length = 0, torch.zeros([], device=self.device)
        self.path = os.path.join(a.out, 'adversarial.pt')
        self.parts = dict(G=self.G, E=self.average, D=self.D, go=self.G_optimiser, do=self.D_optimiser)
        if os.path.exists(self.path):
            state = torch.load(self.path, weights_only=True, map_location=self.device)
            self.step, self.path_length = state['step'], state['pl']
            for name, part in self.parts.items(): part.load_state_dict(state[name])

    def adam(self, model, interval):
        "its rates as lazy regularisation asks for"
        k = interval / (interval + 1)
        return torch.optim.Adam(model.parameters(), lr=self.options.rate * k, betas=(0., .99 ** k), eps=1e-8, fused=True)

    def styles(self, count):
        "w of all rows, for some of two faces"
        rows, z_dim = self.G.synthesis.num_ws, self.config['z_dim']
        w, v = (self.G.mapping(torch.randn(count, z_dim, device=self.device)) for _ in range(2))
        mixed = torch.rand(count, device=self.device) < self.options.mixing
        cut = torch.where(mixed, torch.randint(1, rows, (count,), device=self.device), rows)
        return torch.where((torch.arange(rows, device=self.device)[None] < cut[:, None])[..., None], w[:, None], v[:, None])

    def picture(self, ws):
        noise = [n.to(self.device) for n in self.G.synthesis.random_noise(len(ws), self.config['resolution'])]
        return self.G.synthesis(ws, None, noise, HALF)

    def renders(self, stream):
        index = np.random.default_rng([stream, self.step]).integers(0, self.data.count, self.options.batch)
        return index, self.data.pictures(index, self.config['resolution']).to(self.device)

    def update(self, optimiser, loss):
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    def discriminator_step(self):
        _, real = self.renders(19)
        with torch.no_grad(): fake = self.picture(self.styles(self.options.batch))
        loss = F.softplus(self.D(fake, HALF)).mean() + F.softplus(-self.D(real, HALF)).mean()
        self.update(self.D_optimiser, loss)
        if self.step % R1_EVERY == 0:
            x = real.detach().requires_grad_()
            gradient, = torch.autograd.grad(self.D(x, HALF).sum(), x, create_graph=True)
            penalty = gradient.square().sum([1, 2, 3]).mean() * self.options.gamma / 2
            self.update(self.D_optimiser, penalty * R1_EVERY)
        return loss.item()

    def generator_step(self):
        a, batch = self.options, self.options.batch
        weight = a.weight * min(1, (self.step * batch + 1) / WARM_UP)
        self.D.requires_grad_(False)
        index, target = self.renders(23)
        counts = self.data.weights(index, self.config['resolution'] // 2).to(self.device)
        fooled = F.softplus(-self.D(self.picture(self.styles(batch)), HALF)).mean()
        out = self.picture(self.G.rows(self.G.mapping(self.data.z(index).to(self.device))))
        anchor = picture_loss([F.avg_pool2d(out, 2)], F.avg_pool2d(target, 2), counts) + self.features(out, target)
        self.update(self.G_optimiser, weight * fooled + a.anchor * anchor)
        if self.step % PATH_EVERY == 0:
            ws = self.styles(max(1, batch // 2))
            y = self.picture(ws)
            gradient, = torch.autograd.grad((y * torch.randn_like(y) / y.shape[2]).sum(), ws, create_graph=True)
            lengths = gradient.square().sum(2).mean(1).sqrt()
            self.path_length = self.path_length.lerp(lengths.mean().detach(), .01)
            penalty = (lengths - self.path_length).square().mean() * 2
            self.update(self.G_optimiser, penalty * PATH_EVERY * weight)
        self.D.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.G.parameters()), 1 - .5 ** (batch / AVERAGE_IMAGES))
        return fooled.item(), anchor.item()

    def checkpoint(self, log, losses):
        save(dict(step=self.step, pl=self.path_length, config=self.config, axes=self.axes,
                  **{name: part.state_dict() for name, part in self.parts.items()}), self.path)
        resolution, (d, g, anchor) = self.config['resolution'], np.mean(losses, 0)
        write_sheets(self.average, resolution, os.path.join(self.options.out, 'adversarial.png'), self.held)
        log.write(json.dumps(dict(
            time=time.strftime('%F %T'), images=self.step * self.options.batch, d=round(float(d), 4), g=round(float(g), 4),
            anchor=round(float(anchor), 4), path=round(float(self.path_length), 4),
            held_out_l1=round(held_out_error(self.average, resolution, self.held), 5))) + '\n')
        log.flush()

    def run(self):
        log, saved, losses = open(os.path.join(self.options.out, 'adversarial.jsonl'), 'a'), time.time(), []
        while self.step * self.options.batch < self.options.images:
            losses.append((self.discriminator_step(), *self.generator_step()))
            self.step += 1
            if time.time() - saved > CHECKPOINT_SECONDS or self.step * self.options.batch >= self.options.images:
                self.checkpoint(log, losses)
                saved, losses = time.time(), []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('data')
    parser.add_argument('out')
    for name, value in OPTIONS.items(): parser.add_argument('--' + name, type=type(value), default=value)
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', 1)))
    torch.manual_seed(1)
    Training(parser.parse_args()).run()


if __name__ == '__main__': main()
