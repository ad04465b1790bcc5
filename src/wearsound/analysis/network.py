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

    Its weights lie beside this file, written by `training/`. `run` gives float64 (n_rows, n_outputs), 0..1 on
    the decision grid, valid until the next call; at most `most` rows at once.
    """

    def __init__(self, name: str, n_inputs: int, n_outputs: int, most: int) -> None:
        with np.load(str(files("wearsound.analysis").joinpath(f"{name}.npz"))) as weights:
            self._enter: F64 = weights["enter"].astype(np.float64)
            self._enter_bias: F64 = weights["enter_bias"].astype(np.float64)
            self._recur: F64 = weights["recur"].astype(np.float64)
            self._leave: F64 = weights["leave"].astype(np.float64)
            self._leave_bias: F64 = weights["leave_bias"].astype(np.float64)
        n = self._recur.shape[1]
        if self._enter.shape != (3 * n, n_inputs) or self._leave.shape != (n_outputs, n):
            raise ValueError(f"{name}.npz does not fit its {n_inputs} inputs and {n_outputs} outputs")
        self._entered: F64 = np.zeros((most, 3 * n))
        self._states: F64 = np.zeros((most, n))
        self._likely: F64 = np.zeros((most, n_outputs))
        self._state: F64 = np.zeros(n)
        self._past: F64 = np.zeros(3 * n)
        self._gates: F64 = np.zeros(2 * n)
        self._new: F64 = np.zeros(n)
        self._root: F64 = np.zeros(2 * n)
        self._keep, self._use = self._gates[:n], self._gates[n:]
        self._past_gates, self._past_new = self._past[: 2 * n], self._past[2 * n :]
        self._root_new = self._root[:n]
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing heard."""
        self._state[:] = 0.0

    def run(self, rows: F64) -> F64:
        """Hear rows (n, n_inputs)."""
        n = len(rows)
        likely = self._likely[:n]
        if not n:
            return likely
        entered, states = self._entered[:n], self._states[:n]
        np.einsum("nj,ij->ni", rows, self._enter, out=entered)
        entered += self._enter_bias
        for row in range(n):
            self._step(entered[row])
            states[row] = self._state
        np.einsum("nj,ij->ni", states, self._leave, out=likely)
        likely += self._leave_bias
        np.negative(likely, out=likely)
        np.exp(likely, out=likely)
        likely += 1.0
        np.divide(GRID, likely, out=likely)
        np.rint(likely, out=likely)
        likely /= GRID
        return likely

    def _step(self, entered: F64) -> None:
        """One step of the recurrent unit."""
        state, gates, new, root = self._state, self._gates, self._new, self._root
        n = len(state)
        np.einsum("ij,j->i", self._recur, state, out=self._past)
        np.add(entered[: 2 * n], self._past_gates, out=gates)
        np.multiply(gates, gates, out=root)
        root += 1.0
        np.sqrt(root, out=root)
        gates /= root
        gates *= 0.5
        gates += 0.5
        np.multiply(self._use, self._past_new, out=new)
        new += entered[2 * n :]
        root = self._root_new
        np.multiply(new, new, out=root)
        root += 1.0
        np.sqrt(root, out=root)
        new /= root
        state -= new
        state *= self._keep
        state += new
