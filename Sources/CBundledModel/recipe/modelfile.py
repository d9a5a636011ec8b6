"""A generator as a model file: safetensors of float16 under the names of StyleGAN2-ADA, its description as JSON text under
`mien` in the metadata, directions as float32 tensors beside the weights."""
import json
import numpy as np, torch
from generator import read_safetensors, write_safetensors
from network import Generator

LICENCE = ('Trained only on renders of the ICT-FaceKit morphable face model (MIT, USC Institute for Creative Technologies). '
           'Free for any use.')
PARTS = ['', 'weight', 'bias', 'noise_strength', 'noise_const', 'affine.weight', 'affine.bias']


def half_weights(G):
    "float16 arrays under their names; convolution weights are normalised for each output channel, demodulation undoes it"
    out = {}
    for name, value in G.state_dict().items():
        value = value.detach().float().cpu()
        if name.endswith(('conv0.weight', 'conv1.weight')):
            value = value * torch.rsqrt(value.square().mean([1, 2, 3], keepdim=True) + 1e-12)
        if name.endswith('noise_strength'): value = value.reshape(1)
        out[name] = value.numpy().astype(np.float16)
        assert np.isfinite(out[name]).all(), name
    return out


def set_weights(G, arrays):
    shapes = {name: value.shape for name, value in G.state_dict().items()}
    G.load_state_dict({name: torch.from_numpy(np.asarray(arrays[name], np.float32)).reshape(shape) for name, shape in shapes.items()})


def place(name):
    "w_avg, mapping, then the levels from coarse to fine"
    parts = name.split('.')
    if parts[0] == 'mapping': return (0, -1 if parts[1] == 'w_avg' else int(parts[1][2:]), name.endswith('bias'))
    unit = ['const', 'conv0', 'conv1', 'torgb'].index(parts[2])
    return (1, int(parts[1][1:]), unit, PARTS.index('.'.join(parts[3:])))


def tensor_name(direction): return 'directions.' + direction.replace(' ', '_').replace('-', '_')


def write(path, name, config, weights, directions, card):
    """weights: half_weights(G); directions: [{name, vector, rows, r2}], vectors are one standard deviation of the attribute
    long; card: [(topic, text)]"""
    tensors = {n: weights[n] for n in sorted(weights, key=place)}
    for d in directions: tensors[tensor_name(d['name'])] = np.asarray(d['vector'], np.float32)
    entries = [{'name': d['name'], 'tensor': tensor_name(d['name']), 'kind': 'attribute', 'space': 'w', 'rows': d['rows'],
                'unit': 'one standard deviation of the attribute', 'r2': round(float(d['r2']), 3)} for d in directions]
    description = {
        'format': 'mien.model/1', 'name': name, 'family': 'stylegan2', 'architecture': 'skip', 'resolution': config['resolution'],
        'z_dim': config['z_dim'], 'w_dim': config['w_dim'], 'c_dim': 0, 'img_channels': 3, 'mapping_layers': config['layers'],
        'mapping_lr_multiplier': .01, 'channel_base': config['base'], 'channel_max': config['cmax'], 'conv_clamp': None,
        'directions': entries, 'card': [{'topic': t, 'text': x} for t, x in card], 'licence': LICENCE}
    write_safetensors(path, tensors, {'mien': json.dumps(description, ensure_ascii=False)})


def read(path):
    "-> generator for evaluation, description, {direction: (vector, rows)}, SHA-256"
    metadata, tensors, digest = read_safetensors(path)
    c = json.loads(metadata['mien'])
    G = Generator(c['z_dim'], c['w_dim'], c['resolution'], c['channel_base'], c['channel_max'], c['mapping_layers'])
    set_weights(G, tensors)
    directions = {d['name']: (tensors[d['tensor']], d['rows']) for d in c['directions']}
    return G.requires_grad_(False).eval(), c, directions, digest


def rows_of(text, num_ws):
    "the rows of ws that 'all', 'coarse', 'middle', 'fine', '0-3' or '5' stand for"
    named = {'all': (0, num_ws), 'coarse': (0, 4), 'middle': (4, 8), 'fine': (8, num_ws)}
    if text in named: return named[text]
    first, _, last = text.partition('-')
    return int(first), int(last or first) + 1
