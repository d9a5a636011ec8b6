"""Reads what `mien dataset render` wrote. Shard 0 is held out: nothing trains on it. New shards are seen by refresh().

Every picture serves twice: seen in a mirror it is the picture of a z with the signs of some axes changed. (Nearly: a whorl and the
soft shapes of the background stay where they are.)"""
import glob, io, json, os
import numpy as np, torch, torch.nn.functional as F
from PIL import Image

ODD_AXES = ['yaw', 'roll', 'body_yaw', 'off_x', 'gaze_x', 'mouth_side', 'brow_asym', 'light_x', 'rim', 'bg_x', 'hair_part']
ODD_LABELS = ['yaw', 'roll', 'gaze_x', 'light_x']
# Landmarks of each part that counts more than its area, the size of its blob (shares of the picture), its extra weight.
PARTS = [(36, 42, .045, .03, 1.6), (42, 48, .045, .03, 1.6), (48, 60, .07, .04, 1.3), (30, 36, .05, .05, .5)]


class Renders:
    """Pictures with z, labels and landmarks; index 2 i is picture i, 2 i + 1 its mirror image. Decoding PNG files costs as much as a training step of 128 pixels, so pixels
    are decoded once for each resolution, into files in `pixels` beside the shards."""

    def __init__(self, folder, held_out=False):
        self.folder, self.held_out = folder, held_out
        self.meta = json.load(open(os.path.join(folder, 'set.json')))
        self.size, self.shard = self.meta['size'], self.meta['shard']
        self.paths, self.parts, self.pixels = [], [], {}
        self.refresh()

    def refresh(self):
        "takes up new shards, complete ones only; -> how many pictures there are"
        for path in sorted(glob.glob(os.path.join(self.folder, '[0-9]*.npz'))):
            if path in self.paths or (os.path.basename(path) == '0000.npz') != self.held_out: continue
            arrays = np.load(path)
            if len(arrays['offsets']) != self.shard + 1: continue
            self.paths.append(path)
            self.parts.append({k: arrays[k] for k in ('z', 'labels', 'landmarks', 'small', 'offsets')})
        self.count = 2 * self.shard * len(self.parts)
        return self.count

    def gather(self, key, index):
        return np.stack([self.parts[i // 2 // self.shard][key][i // 2 % self.shard] for i in index])

    def signed(self, key, index, names, odd):
        values, columns = self.gather(key, index), [names.index(n) for n in odd]
        values[np.ix_(index % 2 == 1, columns)] *= -1
        return torch.from_numpy(values)

    def z(self, index): return self.signed('z', index, self.meta['axes'], ODD_AXES)
    def labels(self, index): return self.signed('labels', index, self.meta['labels'], ODD_LABELS)

    def decoded(self, number, resolution):
        "uint8 [shard, r, r, 3], mapped from its file"
        if (number, resolution) not in self.pixels:
            stem = os.path.basename(self.paths[number])[:-4]
            path = os.path.join(self.folder, 'pixels', f'{stem}.{resolution}.npy')
            if not os.path.exists(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(f'{path}.{os.getpid()}', 'wb') as file: np.save(file, self.decode(number, resolution))
                os.replace(f'{path}.{os.getpid()}', path)
            self.pixels[number, resolution] = np.load(path, mmap_mode='r')
        return self.pixels[number, resolution]

    def decode(self, number, resolution):
        offsets, out = self.parts[number]['offsets'], np.empty((self.shard, resolution, resolution, 3), np.uint8)
        with open(self.paths[number][:-3] + 'bin', 'rb') as file: data = file.read()
        for k in range(self.shard):
            image = Image.open(io.BytesIO(data[int(offsets[k]):int(offsets[k + 1])]))
            out[k] = np.array(image if resolution == self.size else image.reduce(self.size // resolution))
        return out

    def pictures(self, index, resolution):
        "float [N, 3, r, r] on [-1, 1]"
        if resolution <= 64: x = self.gather('small', index)
        else: x = np.stack([self.decoded(i // 2 // self.shard, resolution)[i // 2 % self.shard] for i in index])
        for k in np.flatnonzero(index % 2): x[k] = x[k, :, ::-1].copy()
        x = torch.from_numpy(x).permute(0, 3, 1, 2).float() / 127.5 - 1
        return F.avg_pool2d(x, x.shape[2] // resolution) if x.shape[2] > resolution else x

    def weights(self, index, resolution):
        "[N, 1, r, r] of mean 1: the head counts more than the background, eyes and mouth most"
        marks = self.gather('landmarks', index).astype(np.float32) / self.size
        marks[index % 2 == 1, :, 0] = 1 - marks[index % 2 == 1, :, 0]
        marks = torch.from_numpy(marks)
        n = min(resolution, 64)
        grid = (torch.arange(n) + .5) / n
        y, x = grid[:, None], grid[None]

        def blob(centre, across, along):
            c = centre[:, :, None, None]
            return torch.exp(-.5 * (((x - c[:, 0]) / across) ** 2 + ((y - c[:, 1]) / along) ** 2))
        w = .45 + 1.1 * blob(marks.mean(1) - torch.tensor([0, .06]), .20, .25)
        for first, end, across, along, extra in PARTS: w = w + extra * blob(marks[:, first:end].mean(1), across, along)
        w = (w / w.mean((1, 2), keepdim=True))[:, None]
        return F.interpolate(w, size=resolution, mode='bilinear') if resolution != n else w
