"""A small recurrent network in NumPy: the same bits for any grouping, and on every machine.

A gated recurrent unit (Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014)
with x / sqrt(1 + x * x) in the place of tanh: sums, products, quotients and square roots are
rounded alike everywhere, which exponentials are not.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64


class Network:
    """Rows in, likelihoods out, with the state carried from row to row.

    Layers of recurrent units, each hearing the one before; the likelihoods are read off them all. Its weights lie
    beside this file, written by `training/`. `run` gives float64 (n_rows, n_outputs), 0..1 on
    the decision grid, valid until the next call; at most `most` rows at once.
    """

    def __init__(self, name: str, n_inputs: int, n_outputs: int, most: int) -> None:
        with np.load(str(files("wearsound.analysis").joinpath(f"{name}.npz"))) as kept:
            weights = {key: kept[key].astype(np.float64) for key in kept.files}
        n_layers = sum(key.startswith("recur_") for key in weights)
        units = [len(weights[f"recur_{i}"]) // 3 for i in range(n_layers)]
        self._leave, self._leave_bias = weights["leave"], weights["leave_bias"]
        if weights["enter_0"].shape[1] != n_inputs or self._leave.shape != (n_outputs, sum(units)):
            raise ValueError(f"{name}.npz does not fit its {n_inputs} inputs and {n_outputs} outputs")
        self._layers = [
            Layer(weights[f"enter_{i}"], weights[f"enter_bias_{i}"], weights[f"recur_{i}"], most)
            for i in range(n_layers)
        ]
        ends = np.cumsum(units).tolist()
        self._columns = [slice(end - n, end) for end, n in zip(ends, units, strict=True)]
        self._states: F64 = np.zeros((most, sum(units)))
        self._likely: F64 = np.zeros((most, n_outputs))
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing heard."""
        for layer in self._layers:
            layer.reset()

    def run(self, rows: F64) -> F64:
        """Hear rows (n, n_inputs)."""
        n = len(rows)
        likely = self._likely[:n]
        if not n:
            return likely
        all_states = self._states[:n]
        for layer, columns in zip(self._layers, self._columns, strict=True):
            states = all_states[:, columns]
            layer.run(rows, states)
            rows = states
        np.einsum("nj,ij->ni", all_states, self._leave, out=likely)
        likely += self._leave_bias
        np.negative(likely, out=likely)
        np.exp(likely, out=likely)
        likely += 1.0
        np.divide(GRID, likely, out=likely)
        np.rint(likely, out=likely)
        likely *= 1.0 / GRID
        return likely


class Layer:
    """n gated recurrent units that share their inputs; their state (n,) lies in -1..1.

    Weights (3 n, n_inputs), (3 n,) and (3 n, n): what to keep, what to use of the past, what is new.
    """

    def __init__(self, enter: F64, bias: F64, recur: F64, most: int) -> None:
        self._enter, self._bias, self._recur = enter, bias, recur
        n = recur.shape[1]
        self._n = n
        self._entered: F64 = np.zeros((most, 3 * n))
        self._state: F64 = np.zeros(n)
        past: F64 = np.zeros(3 * n)
        self._past, self._past_gates, self._past_new = past, past[: 2 * n], past[2 * n :]
        gates: F64 = np.zeros(2 * n)
        self._gates, self._keep, self._use = gates, gates[:n], gates[n:]
        root: F64 = np.zeros(2 * n)
        self._root, self._root_new = root, root[:n]

    def reset(self) -> None:
        """State to its start: nothing heard."""
        self._state[:] = 0.0

    def run(self, rows: F64, states: F64) -> None:
        """Fill the states (n_rows, n) after each row."""
        entered = self._entered[: len(rows)]
        np.einsum("nj,ij->ni", rows, self._enter, out=entered)
        entered += self._bias
        for now, kept in zip(entered, states, strict=True):
            self._step(now)
            kept[:] = self._state

    def _step(self, entered: F64) -> None:
        """One step of all units."""
        n, state, gates, new, root = self._n, self._state, self._gates, self._past_new, self._root
        np.einsum("ij,j->i", self._recur, state, out=self._past)
        np.add(entered[: 2 * n], self._past_gates, out=gates)
        np.multiply(gates, gates, out=root)
        root += 1.0
        np.sqrt(root, out=root)
        gates /= root
        gates *= 0.5
        gates += 0.5
        new *= self._use
        new += entered[2 * n :]
        root = self._root_new
        np.multiply(new, new, out=root)
        root += 1.0
        np.sqrt(root, out=root)
        new /= root
        state -= new
        state *= self._keep
        state += new
