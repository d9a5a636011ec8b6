"""Measures a model file: how near its pictures are to renders, and what its directions move.

  measure.py MODEL.safetensors --data DATA --held RENDERS --attributes attributes.pt [--pictures 5000] [--seeds 200]
      [--json FILE] [--card FILE]

Frechet distance: between pictures at psi 1 and renders that nothing was trained on (--held; another seed of mien dataset
render), in the attribute network's space; the floor is that between those and as many others. Directions: from each of the seeds' faces, moved by -2 ... 2 standard deviations; a
face counts as monotone when its measured attribute moves the same way at every step. Cross-talk is the mean absolute change of
another attribute for one standard deviation of the direction's own, in standard deviations.
"""
import argparse, json, os
import numpy as np, torch
import modelfile
from attributes import SIZE, load
from dataset import Renders
from directions import ATTRIBUTES, Gauge, mapped
from train import seeds

STEPS = [-2, -1, 0, 1, 2]


def frechet(a, b):
    "between the normal distributions of two sets of features [n, d]"
    mean, A, B = a.mean(0) - b.mean(0), np.cov(a.T), np.cov(b.T)
    values = np.linalg.eigvals(A @ B)
    return float(mean @ mean + np.trace(A) + np.trace(B) - 2 * np.sqrt(np.maximum(values.real, 0)).sum())


@torch.no_grad()
def embedded(net, pictures):
    return np.concatenate([net.embed(p.to(torch.bfloat16, memory_format=torch.channels_last)).float().numpy() for p in pictures])


def distances(gauge, data, held, count):
    net, count = gauge.net, min(count, held.count // 2, data.count // 2)
    renders = lambda set: (set.pictures(2 * np.arange(i, min(i + 50, count)), SIZE) for i in range(0, count, 50))
    one, other = embedded(net, renders(held)), embedded(net, renders(data))
    z = np.random.default_rng(5).standard_normal((count, gauge.G.config['z_dim'])).astype(np.float32)
    made = (gauge.pictures(gauge.G.rows(part)) for part in mapped(gauge.G, z).split(50))
    return dict(pictures=count, model=frechet(embedded(net, made), one), floor=frechet(other, one))


def table(gauge, directions, count, psi):
    average = gauge.G.mapping.w_avg
    w = average + psi * (mapped(gauge.G, seeds(count, gauge.G.config['z_dim']).numpy()) - average)
    names = list(ATTRIBUTES)
    still, out = gauge.read(gauge.G.rows(w)), {}
    for name, (vector, rows) in directions.items():
        if name not in names: continue
        i = names.index(name)
        read = np.stack([still if s == 0 else gauge.read(gauge.moved(w, s * vector, rows)) for s in STEPS])
        own = np.diff(read[:, :, i], axis=0)
        change = (read[-1] - read[0]) / (STEPS[-1] - STEPS[0])
        effect = change[:, i].mean()
        stray = np.abs(change).mean(0) / max(abs(effect), 1e-3)
        stray[i] = 0
        worst = int(stray.argmax())
        out[name] = dict(rows=rows, effect=float(effect), monotone=float((own > 0).all(0).mean()),
                         ends=float((read[-1, :, i] > read[0, :, i]).mean()), stray=float(stray.sum() / (len(names) - 1)),
                         worst=names[worst], worst_stray=float(stray[worst]),
                         matrix={n: float(v) for n, v in zip(names, change.mean(0))})
        print(f'{name:18} rows {rows:5} effect {effect:5.2f}  monotone {out[name]["monotone"]:.3f}  ends {out[name]["ends"]:.3f}  '
              f'others {out[name]["stray"]:.3f}, most {names[worst]} {stray[worst]:.2f}', flush=True)
    return out


def markdown(result):
    lines = ['| direction | rows | moves by (sd) | monotone | other attributes, mean (sd) | most |', '|---|---|---|---|---|---|']
    for name, d in result['directions'].items():
        lines.append(f'| {name} | {d["rows"]} | {d["effect"]:.2f} | {d["monotone"]:.0%} | {d["stray"]:.2f} | '
                     f'{d["worst"]} {d["worst_stray"]:.2f} |')
    return '\n'.join(lines) + '\n'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('model')
    parser.add_argument('--data', required=True)
    parser.add_argument('--held', help='renders of another seed')
    parser.add_argument('--attributes', required=True)
    parser.add_argument('--pictures', type=int, default=5000)
    parser.add_argument('--seeds', type=int, default=200)
    parser.add_argument('--psi', type=float, default=.7)
    parser.add_argument('--json')
    parser.add_argument('--card', help='the table, as markdown')
    a = parser.parse_args()
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', 1)))
    G, description, directions, digest = modelfile.read(a.model)
    net, names = load(a.attributes)
    gauge = Gauge(G, net, names)
    result = dict(sha256=digest, psi=a.psi, seeds=a.seeds)
    if a.seeds: result['directions'] = table(gauge, directions, a.seeds, a.psi)
    if a.pictures and a.held:
        result['frechet'] = distances(gauge, Renders(a.data), Renders(a.held), a.pictures)
        print('frechet', result['frechet'])
    if a.json: json.dump(result, open(a.json, 'w'), indent=1)
    if a.card and a.seeds: open(a.card, 'w').write(markdown(result))


if __name__ == '__main__': main()
