"""A network as PyTorch sees it while it learns; `wearsound.analysis.network` is what plays."""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.jit.script
def unroll(x: Tensor, h: Tensor, w: Tensor, n: int) -> Tensor:
    """States (batch, time, n) of the recurrent unit; x (batch, time, 3 n) is the inputs' part."""
    states: list[Tensor] = []
    for now in x.unbind(1):
        past = torch.mm(h, w)
        gates = now[:, : 2 * n] + past[:, : 2 * n]
        gates = 0.5 + 0.5 * gates * torch.rsqrt(1.0 + gates * gates)
        new = now[:, 2 * n :] + gates[:, n:] * past[:, 2 * n :]
        new = new * torch.rsqrt(1.0 + new * new)
        h = new + gates[:, :n] * (h - new)
        states.append(h)
    return torch.stack(states, 1)


class Recurrent(nn.Module):
    """Inputs (batch, time, n_inputs) -> scores (batch, time, n_outputs); a score's sigmoid is the likelihood."""

    def __init__(self, n_inputs: int, n_units: int, n_outputs: int) -> None:
        super().__init__()
        self.n = n_units
        self.register_buffer("mean", torch.zeros(n_inputs))
        self.register_buffer("scale", torch.ones(n_inputs))
        self.enter = nn.Linear(n_inputs, 3 * n_units)
        self.recur = nn.Parameter(torch.empty(n_units, 3 * n_units))
        self.leave = nn.Linear(n_units, n_outputs)
        nn.init.orthogonal_(self.recur, 0.7)
        with torch.no_grad():
            self.enter.bias[:n_units] = torch.linspace(-0.5, 4.0, n_units)
            self.leave.bias.fill_(-3.0)

    def forward(self, x: Tensor, h: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Scores, and the state to go on with."""
        x = self.enter((x - self.mean) * self.scale)
        if h is None:
            h = x.new_zeros(x.shape[0], self.n)
        states = unroll(x, h, self.recur, self.n)
        return self.leave(states), states[:, -1].detach()
