"""Hadamard matrices: square tables of ±1 whose columns are orthogonal.

Built from quadratic residues (Paley 1933, *Journal of Mathematics and Physics* 12, 311–320) and
by doubling (Sylvester). Not every multiple of 4 is reached; the next one that is will do.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats, Ints


def hadamard_above(n: int) -> Floats:
    """Smallest matrix here of an order above ``n``, a multiple of 4, first row all ones.

    Parameters
    ----------
    n : int
        Balanced columns needed besides the constant one.

    Returns
    -------
    (m, m) array of -1 and 1

    Examples
    --------
    >>> hadamard_above(3)
    array([[ 1.,  1.,  1.,  1.],
           [ 1., -1.,  1., -1.],
           [ 1.,  1., -1., -1.],
           [ 1., -1., -1.,  1.]])
    """
    order = 4 * (n // 4 + 1)
    while (found := _of_order(order)) is None:
        order += 4
    return np.asarray(found * found[0])


def _of_order(order: int) -> Floats | None:
    """Build a matrix of one order, or None when no construction here reaches it."""
    if order in (1, 2):
        return np.array([[1.0]]) if order == 1 else np.array([[1.0, 1.0], [1.0, -1.0]])
    if order % 4:
        return None
    half = _of_order(order // 2)
    if half is not None:
        return np.asarray(np.kron(np.array([[1.0, 1.0], [1.0, -1.0]]), half))
    if _is_prime(order - 1):
        return _first_kind(order - 1)
    if _is_prime(order // 2 - 1) and (order // 2 - 1) % 4 == 1:
        return _second_kind(order // 2 - 1)
    return None


def _first_kind(q: int) -> Floats:
    """Paley's first construction, of order q + 1 for a prime q = 3 mod 4."""
    skew = np.zeros((q + 1, q + 1))
    skew[0, 1:], skew[1:, 0], skew[1:, 1:] = 1.0, -1.0, _residues(q)
    return np.asarray(skew + np.eye(q + 1))


def _second_kind(q: int) -> Floats:
    """Paley's second construction, of order 2 (q + 1) for a prime q = 1 mod 4."""
    core = np.zeros((q + 1, q + 1))
    core[0, 1:], core[1:, 0], core[1:, 1:] = 1.0, 1.0, _residues(q)
    off, on = np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[1.0, -1.0], [-1.0, -1.0]])
    return np.asarray(np.kron(core, off) + np.kron(np.eye(q + 1), on))


def _residues(q: int) -> Floats:
    """Table of the quadratic character of i - j modulo a prime."""
    character = np.full(q, -1.0)
    numbers: Ints = np.arange(1, q)
    character[(numbers**2) % q] = 1.0
    character[0] = 0.0
    places = np.arange(q)
    return np.asarray(character[(places[:, None] - places[None, :]) % q])


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % k for k in range(2, int(number**0.5) + 1))
