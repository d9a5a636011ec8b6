"""Checkpoint (averaged weights) -> model file with directions, and the golden numbers that tests compare with.

  mien dataset labels --facekit DIR --count 20000 --seed 17 -o labels.npz
  export.py CHECKPOINT OUT.safetensors --data DATA --labels labels.npz [--attributes attributes.pt] [--golden FILE.npz]

Without the attribute network directions are those of the closed form, on all rows. measure.py says how good they are.
"""
import argparse, json, os
import numpy as np, torch
import directions as finding
import modelfile
from attributes import load
from network import Generator

GOLDEN_SEEDS = [0, 1, 42, 1234]
CARD = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'card.json')


@torch.no_grad()
def golden(G, smile):
    "w of a few seeds and pictures of two of them, with float16 weights, noise none"
    z = np.stack([np.random.RandomState(s).randn(1, G.config['z_dim'])[0] for s in GOLDEN_SEEDS])
    w, average = G.mapping(torch.from_numpy(z).float()), G.mapping.w_avg
    near = average + .7 * (w[2:3] - average)
    picture = lambda w: G.synthesis(G.rows(w)).numpy()
    smiling = near + 1.5 * torch.from_numpy(smile)
    return dict(seeds=np.array(GOLDEN_SEEDS), z=z, w=w.numpy(), w_avg=average.numpy(), img=picture(w[:1]), img_psi07=picture(near),
                img_psi07_smile15=picture(smiling))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('checkpoint')
    parser.add_argument('out')
    parser.add_argument('--data', required=True, help='for the names of axes and labels')
    parser.add_argument('--labels', required=True)
    parser.add_argument('--attributes')
    parser.add_argument('--golden')
    parser.add_argument('--name', default='studio')
    parser.add_argument('--level', type=int, help='leave out finer levels')
    parser.add_argument('--faces', type=int, default=48, help='that cross-talk is measured on')
    a = parser.parse_args()
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', 1)))
    state, meta = torch.load(a.checkpoint, weights_only=True, map_location='cpu'), json.load(open(os.path.join(a.data, 'set.json')))
    assert state['axes'] == meta['axes'], 'the checkpoint was trained on other axes'
    G = Generator(**state['config'])
    G.load_state_dict(state['E'])
    if a.level:
        smaller = Generator(**{**state['config'], 'resolution': a.level})
        smaller.load_state_dict({k: v for k, v in G.state_dict().items() if k in smaller.state_dict()})
        G = smaller
    modelfile.set_weights(G, modelfile.half_weights(G))
    arrays = np.load(a.labels)
    z = arrays['z'].astype(np.float32)
    labels = arrays['labels'][:, [meta['labels'].index(n) for n in finding.ATTRIBUTES.values()]].astype(np.float64)
    W = finding.mapped(G, z).double().numpy()
    G.mapping.w_avg.copy_(torch.from_numpy(W.mean(0)).half())
    D, r2 = finding.regress(W, labels)
    rows = ['all'] * len(D)
    if a.attributes:
        net, names = load(a.attributes)
        D, rows = finding.refine(finding.Gauge(G, net, names, level=min(finding.SIZE, G.config['resolution'])), D, z[:a.faces])
    entries = [dict(name=n, vector=d, rows=r, r2=q) for n, d, r, q in zip(finding.ATTRIBUTES, D, rows, r2)]
    card = [(c['topic'], c['text']) for c in json.load(open(CARD))] if os.path.exists(CARD) else []
    modelfile.write(a.out, a.name, G.config, modelfile.half_weights(G), entries, card)
    if a.golden: np.savez_compressed(a.golden, **golden(G, D[list(finding.ATTRIBUTES).index('smile')]))
    for e in entries: print(f'{e["name"]:18} rows {e["rows"]:5} r2 {e["r2"]:.3f}')


if __name__ == '__main__': main()
