"""Muon (Jordan and others 2024): matrices take orthogonalised steps, everything else Adam's. On this generator a hundred of its
steps do what thousands of Adam's do not, for a few per cent more time."""
import torch

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
SMALLEST_SIDE = 16       # of what is a matrix; a 3x3 convolution counts as [outputs, inputs * 9]


def orthogonalised(gradient, iterations=5):
    a, b, c = NEWTON_SCHULZ
    x = gradient.bfloat16()
    is_tall = x.shape[0] > x.shape[1]
    if is_tall: x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(iterations):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if is_tall else x).float()


class Muon(torch.optim.Optimizer):
    "Steps of matrices have a root mean square of rms * lr, somewhat less than Adam's."
    def __init__(self, groups, lr, betas=(.9, .99), momentum=.9, rms=.6):
        super().__init__(groups, dict(lr=lr, betas=betas, momentum=momentum))
        self.rms = rms

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None: continue
                is_matrix = p.dim() > 1 and min(len(p), p[0].numel()) >= SMALLEST_SIDE
                (self.matrix_step if is_matrix else self.adam_step)(p, p.grad, self.state[p], group)

    def matrix_step(self, p, gradient, state, group):
        if not state: state['mean'] = torch.zeros_like(p)
        state['mean'].lerp_(gradient, 1 - group['momentum'])
        direction = gradient.lerp(state['mean'], group['momentum']).flatten(1)
        length = group['lr'] * self.rms * max(direction.shape) ** .5
        p.add_(orthogonalised(direction).view_as(p), alpha=-length)

    def adam_step(self, p, gradient, state, group):
        if not state: state['mean'], state['square'], state['step'] = torch.zeros_like(p), torch.zeros_like(p), torch.zeros([])
        first, second = group['betas']
        state['step'] += 1
        state['mean'].lerp_(gradient, 1 - first)
        state['square'].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        t = float(state['step'])
        root = (state['square'] / (1 - second ** t)).sqrt() + 1e-8
        p.addcdiv_(state['mean'], root, value=-group['lr'] / (1 - first ** t))
