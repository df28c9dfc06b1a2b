"""Integer answer sums by group and item that meet item points and group rates at once.

Wanted means come from two-way fitting on the logit scale. Near them, every item has a few dozen
sets of four integer sums that give its printed points; a pairwise search then picks one set
for each item so that the group rates come out too. It is a search and not a solver because a
solver's choice among equally good answers changes with its version, and the file must not.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from drawing import Floats, Ints
from leader_targets import TOP, Printed

REACH = {"phong": 12}  # how far a group's sum may be from the wanted one
REACH_OF_OTHERS = 3
ROUNDS = 200


def choose_sums(rng: np.random.Generator, goal: Printed, counts: Ints) -> Ints:
    """Choose sums of scores 0..4, groups x items, given how many answered (groups x items)."""
    maxima = np.array([float(m) for m in goal.maxima.values()])
    means = wanted_means(rng, goal, maxima)
    choices = [
        candidates(goal, code, means[:, j], counts[:, j]) for j, code in enumerate(goal.items)
    ]
    if not goal.group_rates:
        return np.column_stack([sets[0] for sets in choices])
    weights = np.array([float(w) for w in goal.weights.values()])
    earned = []
    for j, (most, sets) in enumerate(zip(maxima, choices, strict=True)):
        by_group = most * sets / (TOP * counts[:, j])
        earned.append(np.column_stack([by_group, by_group @ weights]))
    picked = search(earned, *group_windows(goal, maxima.sum()))
    return np.column_stack([sets[k] for sets, k in zip(choices, picked, strict=True)])


def group_windows(goal: Printed, top: float) -> tuple[Floats, Floats]:
    """Points wanted of each group, and of all together, and how far off they may be.

    All together: the sum of the printed items, to half a unit of one of them, because 79.164
    lies close to the edge at which its printed form would change.
    """
    rates = [float(target.value) / 100 * top for target in goal.group_rates.values()]
    allowed = [0.45 / 10 ** (t.decimals + 2) * top for t in goal.group_rates.values()]
    total = sum(float(target.value) for target in goal.items.values())
    unit = max(10.0**-target.decimals for target in goal.items.values())
    return np.array([*rates, total]), np.array([*allowed, 0.45 * unit])


def wanted_means(rng: np.random.Generator, goal: Printed, maxima: Floats) -> Floats:
    """Group means by item: row and column shifts on the logit scale, fitted in turn."""
    items = np.array([float(t.value) for t in goal.items.values()]) / maxima
    rates = np.array([goal.wanted_rates[g] / 100 for g in goal.weights])
    weights = np.array([float(w) for w in goal.weights.values()])
    logit = np.log(items / (1 - items)) + 0.15 * rng.standard_normal((len(rates), len(items)))
    for _ in range(ROUNDS):
        means = 1 / (1 + np.exp(-logit))
        slope = means * (1 - means)
        logit += ((rates - means @ maxima / maxima.sum()) / slope.mean(axis=1))[:, None]
        means = 1 / (1 + np.exp(-logit))
        slope = means * (1 - means)
        logit += (items - weights @ means) / (weights @ slope)
    fitted: Floats = 1 / (1 + np.exp(-logit))
    return fitted


def candidates(goal: Printed, code: str, means: Floats, counts: Ints) -> Ints:
    """List sets of four sums that give the item's printed points, nearest to ``means`` first.

    The points must lie well inside the rounding interval, and so near the printed figure that
    domain points, sums of a few items, cannot drift over the edge of theirs.
    """
    reach = [REACH.get(group, REACH_OF_OTHERS) for group in goal.weights]
    steps = np.array(list(product(*(range(-r, r + 1) for r in reach))))
    start = np.rint(TOP * counts * means).astype(np.int64)
    sums = np.clip(start + steps, 0, TOP * counts)
    shares = sums / (TOP * counts)
    weights = np.array([float(w) for w in goal.weights.values()])
    target = goal.items[code]
    gap = np.abs(float(goal.maxima[code]) * (shares @ weights) - float(target.value))
    near = gap < min(0.45 / 10**target.decimals, 0.0002)
    order = np.argsort(np.abs(shares - means).sum(axis=1)[near], kind="stable")
    found: Ints = sums[near][order]
    if not len(found):
        raise SystemExit(f"{code}: no answer sums give {float(target.value)}")
    return found


def search(earned: list[Floats], wanted: Floats, allowed: Floats) -> list[int]:
    """Pick one set for each item so that every group's points are within ``allowed``.

    Two items are re-chosen at a time, keeping the best pair, until all groups fit.
    """
    picked = [0] * len(earned)
    pairs = list(combinations(range(len(earned)), 2))
    worst = np.inf
    while worst > 1:
        before = worst
        for j, k in pairs:
            rest = (
                sum(earned[i][picked[i]] for i in range(len(earned)) if i not in (j, k)) - wanted
            )
            both = rest + earned[j][:, None, :] + earned[k][None, :, :]
            miss = np.abs(both / allowed).max(axis=2)
            best = int(np.argmin(miss))
            if miss.flat[best] < worst - 1e-9:
                picked[j], picked[k] = divmod(best, miss.shape[1])
                worst = float(miss.flat[best])
        if worst >= before:
            raise SystemExit("no choice of answer sums meets the group rates")
    return picked
