"""A network as PyTorch sees it while it learns; `wearsound.analysis.network` is what plays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


@torch.jit.script
def play(x: Tensor, h: Tensor, w: Tensor, n: int, states: Tensor, gates: Tensor, roots: Tensor, past: Tensor):
    """Fill states (time + 1, batch, n), squashed gates and their roots (time, batch, 3 n), past (time, batch, n)."""
    one = torch.ones(1)
    states[0].copy_(h)
    all_past = torch.empty_like(x[0])
    for t in range(x.size(0)):
        torch.mm(states[t], w, out=all_past)
        torch.add(x[t], all_past, out=gates[t])
        gate, new = gates[t][:, : 2 * n], gates[t][:, 2 * n :]
        root, new_root = roots[t][:, : 2 * n], roots[t][:, 2 * n :]
        torch.addcmul(one, gate, gate, out=root)
        root.rsqrt_()
        gate.mul_(root)
        past[t].copy_(all_past[:, 2 * n :])
        torch.add(x[t][:, 2 * n :], (gate[:, n:] * 0.5).add_(0.5).mul_(past[t]), out=new)
        torch.addcmul(one, new, new, out=new_root)
        new_root.rsqrt_()
        new.mul_(new_root)
        torch.lerp(new, states[t], (gate[:, :n] * 0.5).add_(0.5), out=states[t + 1])


@torch.jit.script
def blame(
    d_states: Tensor, w: Tensor, n: int, states: Tensor, gates: Tensor, roots: Tensor, past: Tensor, d: Tensor
):
    """Gradients back through time: fills `d` of what entered (time, batch, 3 n) and of what the past gave."""
    d_h = torch.zeros_like(d_states[0])
    back = w.t().contiguous()
    d_past = torch.empty_like(d)
    for i in range(d_states.size(0)):
        t = d_states.size(0) - 1 - i
        d_h.add_(d_states[t])
        cubes = roots[t] * roots[t] * roots[t]
        new = gates[t][:, 2 * n :]
        keep, use = (gates[t][:, :n] * 0.5).add_(0.5), (gates[t][:, n : 2 * n] * 0.5).add_(0.5)
        d_keep, d_use, d_new = d[t][:, :n], d[t][:, n : 2 * n], d[t][:, 2 * n :]
        torch.sub(states[t], new, out=d_keep)
        d_keep.mul_(d_h).mul_(0.5)
        torch.sub(d_h, d_h * keep, out=d_new)
        d_new.mul_(cubes[:, 2 * n :])
        torch.mul(d_new, past[t], out=d_use)
        d_use.mul_(0.5)
        d[t][:, : 2 * n].mul_(cubes[:, : 2 * n])
        d_past[t].copy_(d[t])
        d_past[t][:, 2 * n :].mul_(use)
        d_h.mul_(keep)
        d_h.addmm_(d_past[t], back)
    return d_past


class Unroll(torch.autograd.Function):
    """States (time, batch, n) of the recurrent unit; x (time, batch, 3 n) is the inputs' part, h the first state.

    Written out by hand, with the weights' gradient in one product: twice as fast as what PyTorch finds itself.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, h: Tensor, w: Tensor) -> Tensor:
        """The states."""
        steps, batch, n = len(x), x.shape[1], w.shape[0]
        states, past = x.new_empty(steps + 1, batch, n), x.new_empty(steps, batch, n)
        gates, roots = torch.empty_like(x), torch.empty_like(x)
        play(x, h, w, n, states, gates, roots, past)
        ctx.save_for_backward(w, states, gates, roots, past)
        return states[1:]

    @staticmethod
    def backward(ctx: Any, d_states: Tensor) -> tuple[Tensor, None, Tensor]:
        """Gradients of x and w."""
        w, states, gates, roots, past = ctx.saved_tensors
        d = torch.empty_like(gates)
        d_past = blame(d_states.contiguous(), w, w.shape[0], states, gates, roots, past, d)
        return d, None, states[:-1].flatten(0, 1).t() @ d_past.flatten(0, 1)


class Recurrent(nn.Module):
    """Inputs (time, batch, n_inputs) -> scores (time, batch, n_outputs); a score's sigmoid is the likelihood.

    Layers of recurrent units, each hearing the one before; what leaves reads them all.
    """

    def __init__(self, n_inputs: int, units: Sequence[int], n_outputs: int) -> None:
        super().__init__()
        self.units = tuple(units)
        self.register_buffer("mean", torch.zeros(n_inputs))
        self.register_buffer("scale", torch.ones(n_inputs))
        self.enter, self.recur = nn.ModuleList(), nn.ParameterList()
        for before, n in zip((n_inputs, *units), units, strict=False):
            enter, recur = nn.Linear(before, 3 * n), nn.Parameter(torch.empty(n, 3 * n))
            nn.init.orthogonal_(recur, 0.7)
            with torch.no_grad():
                enter.bias[:n] = torch.linspace(-0.5, 4.0, n)
            self.enter.append(enter)
            self.recur.append(recur)
        self.leave = nn.Linear(sum(units), n_outputs)
        with torch.no_grad():
            self.leave.bias.fill_(-3.0)

    def forward(self, x: Tensor, before: list[Tensor] | None = None) -> tuple[Tensor, list[Tensor]]:
        """Scores, and each layer's state to go on with."""
        x = (x - self.mean) * self.scale
        states = []
        for i, (enter, recur) in enumerate(zip(self.enter, self.recur, strict=True)):
            h = x.new_zeros(x.shape[1], self.units[i]) if before is None else before[i]
            x = Unroll.apply(enter(x), h, recur)
            states.append(x)
        return self.leave(torch.cat(states, 2)), [layer[-1].detach() for layer in states]
