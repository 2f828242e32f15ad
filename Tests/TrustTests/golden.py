#!/usr/bin/env python3
"""Reference numbers for the module Trust, computed without it: with NumPy, SciPy, onnxruntime and PyTorch.

    golden.py             writes Golden/trust.json: inputs and expected values of the formulas
    golden.py classes     writes Golden/classes.json: gradient x activation of a network with logits

The first needs numpy and scipy; the second also onnx, onnxruntime and torch, and Weights/efficientnet_lite0.onnx
(`make weights-efficientnet-lite0`; Weights/mobilenet_v2.onnx has no classifier, hence no logits).

Inputs are rounded before anything is computed from them, so that the file holds exactly what was computed with;
expected values are rounded to 9 significant digits. `null` is a value that is not defined. Cases whose value can be
found by hand carry it here as `by_hand`, and the file is not written where the two differ.
"""
import argparse
import itertools
import json
import math
import os
import sys

import numpy as np
from scipy import interpolate, special, stats
from scipy.spatial import distance

FOLDER = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(FOLDER, "Golden")
NETWORK = os.path.join(FOLDER, "..", "..", "Weights", "efficientnet_lite0.onnx")

HAND = object()  # "no value by hand"


# Files


def rounded(values, decimals=4):
    """Nested lists of the values as the file holds them; adding 0 makes -0 to 0."""
    return (np.round(np.asarray(values, dtype=float), decimals) + 0.0).tolist()


def nine(value):
    """The value with 9 significant digits, and 0 for what is rounding alone; whole numbers, names and None as they are."""
    if isinstance(value, (float, np.floating)):
        return 0.0 if abs(value) < 1e-14 else float("%.9g" % value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.ndarray):
        return nine(value.tolist())
    if isinstance(value, (list, tuple)):
        return [nine(each) for each in value]
    if isinstance(value, dict):
        return {key: nine(each) for key, each in value.items()}
    return value


def compact(value):
    return json.dumps(nine(value), separators=(",", ":"), allow_nan=False)


def write(path, lists):
    """Writes {key: value or list of cases}, one case a line."""
    parts = []
    for key, value in lists.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            parts.append('"%s":[\n%s\n]' % (key, ",\n".join(compact(case) for case in value)))
        else:
            parts.append('"%s":%s' % (key, compact(value)))
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print("%s: %d bytes" % (os.path.relpath(path), len(text)))


def checked(name, value, by_hand):
    """The value, if it is the one found by hand, or there is none."""
    if by_hand is not HAND:
        same = value is None if by_hand is None else value is not None and math.isclose(value, by_hand, abs_tol=1e-12)
        if not same:
            sys.exit("%s: computed %r, by hand %r" % (name, value, by_hand))
    return value


# 1 to 4: numbers


def spearman(a, b):
    if len(set(a)) == 1 or len(set(b)) == 1:
        return None
    return float(stats.spearmanr(a, b).statistic)


def spearman_cases(random):
    tied = random.integers(-3, 4, (2, 25)).astype(float)
    x = random.standard_normal(60)
    pairs = [
        ("same order", [1, 2, 3], [10, 20, 30], 1),
        ("reversed order", [1, 2, 3], [5, 0, -5], -1),
        ("by hand: 1 - 6 * 2 / (3 * 8)", [1, 2, 3], [1, 3, 2], 0.5),
        ("a tie: ranks 1.5, 1.5, 3 against 1, 2, 3", [1, 1, 2], [1, 2, 3], math.sqrt(3) / 2),
        ("ties on both sides", [1, 1, 2, 2], [1, 2, 1, 2], 0),
        ("monotone, not linear", [-2, -1, 0, 1, 2], [-8, -1, 0, 1, 8], 1),
        ("two", [3, 1], [-7, -9], 1),
        ("two, reversed", [3, 1], [-9, -7], -1),
        ("one", [3], [4], None),
        ("one side constant", [0.1, 0.1, 0.1], [1, 2, 3], None),
        ("other side constant", [1, 2, 3], [-4, -4, -4], None),
        ("both sides constant", [1, 1], [2, 2], None),
        ("all but one tied", [0, 0, 0, 0, 1], [3, 1, 4, 1, 5], HAND),
        ("many ties, negative", tied[0], tied[1], HAND),
        ("correlated", x, 0.7 * x + 0.7 * random.standard_normal(60), HAND),
        ("channels: many zeros", np.maximum(random.standard_normal(40), 0), np.maximum(random.standard_normal(40), 0), HAND),
    ]
    cases = []
    for name, a, b, by_hand in pairs:
        a, b = rounded(a), rounded(b)
        cases.append({"name": name, "a": a, "b": b, "expected": checked(name, spearman(a, b), by_hand)})
    return cases


def area_under_curve(f, p):
    area = float(stats.mannwhitneyu(f, p).statistic) / (len(f) * len(p))
    pairs = [1 if x > y else 0.5 if x == y else 0 for x in f for y in p]
    assert math.isclose(area, sum(pairs) / len(pairs), abs_tol=1e-12)
    return area


def area_cases(random):
    pairs = [
        ("all above", [3, 4], [1, 2], 1),
        ("all below", [-3, -4], [-1, -2], 0),
        ("by hand: 3 of 4 pairs", [1, 3], [0, 2], 0.75),
        ("a tie counts a half", [1, 2], [1], 0.75),
        ("all tied", [0.1, 0.1], [0.1, 0.1, 0.1], 0.5),
        ("one and one", [2], [1], 1),
        ("one and one, tied", [-1], [-1], 0.5),
        ("one and many", [0], [-2, -1, 0, 1, 2], 0.5),
        ("whole numbers with ties", random.integers(-4, 6, 15), random.integers(-5, 5, 22), HAND),
        ("overlapping", 0.8 + random.standard_normal(20), random.standard_normal(50), HAND),
    ]
    cases = []
    for name, f, p, by_hand in pairs:
        f, p = rounded(f), rounded(p)
        cases.append({"name": name, "f": f, "p": p, "expected": checked(name, area_under_curve(f, p), by_hand)})
    return cases


def activation_difference(f, p):
    # Compared, since the computed deviation of equal numbers need not be 0: that of three times 0.1 is 1.4e-17.
    if min(p) == max(p):
        return None
    return float((np.mean(f) - np.mean(p)) / np.std(p))


def difference_cases(random):
    pairs = [
        ("by hand: (5 - 1) / 1", [4, 6], [0, 2], 4),
        ("population deviation: (0 - 2) / sqrt(8 / 3)", [0], [0, 2, 4], -2 / math.sqrt(8 / 3)),
        ("no difference", [-1, 1], [-2, 2], 0),
        ("one photograph", [1, 2], [3], None),
        ("photographs all alike", [1, 2], [0.1, 0.1, 0.1], None),
        ("one frame, negative", [-3.5], [-1, -2, -4], HAND),
        ("random", 2 + random.standard_normal(12), 0.3 * random.standard_normal(40) - 1, HAND),
    ]
    cases = []
    for name, f, p, by_hand in pairs:
        f, p = rounded(f), rounded(p)
        cases.append({"name": name, "f": f, "p": p, "expected": checked(name, activation_difference(f, p), by_hand)})
    return cases


def over_drive(f, p, baseline):
    if max(p) <= baseline:
        return None
    return float((np.mean(f) - baseline) / (np.max(p) - baseline))


def over_drive_cases(random):
    triples = [
        ("by hand: 6 / 2", [5, 7], [1, 2, -1], 0, 3),
        ("baseline below 0: (6 + 2) / (2 + 2)", [5, 7], [1, 2, -1], -2, 2),
        ("as the best photograph", [2], [2, 1], 0.5, 1),
        ("below the baseline", [-1], [1], 0, -1),
        ("all negative: (-1 + 5) / (-3 + 5)", [-1], [-3, -4], -5, 2),
        ("best photograph at the baseline", [3], [1, 0], 1, None),
        ("best photograph below the baseline", [3], [-1, -2], 0, None),
        ("random", 5 + random.standard_normal(9), random.standard_normal(30), -0.25, HAND),
    ]
    cases = []
    for name, f, p, baseline, by_hand in triples:
        f, p, baseline = rounded(f), rounded(p), rounded(baseline)
        value = checked(name, over_drive(f, p, baseline), by_hand)
        cases.append({"name": name, "f": f, "p": p, "baseline": baseline, "expected": value})
    return cases


# 5 to 7: vectors


def unit(vectors):
    vectors = np.asarray(vectors, dtype=float)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def clarity(vectors):
    n = len(vectors)
    return float((np.sum(unit(vectors).mean(axis=0) ** 2) - 1 / n) * n / (n - 1))


def clarity_cases(random):
    lists = [
        ("the same direction, lengths differ", [[1, 0], [3, 0], [0.5, 0]], 1),
        ("two orthogonal", [[2, 0], [0, 3]], 0),
        ("two opposite", [[1, 2], [-2, -4]], -1),
        ("60 degrees, nearly", [[1, 0], [0.5, 0.8660254]], HAND),
        ("two of three alike: ((5 / 9) - 1 / 3) * 3 / 2", [[1, 0], [2, 0], [0, 1]], 1 / 3),
        ("corners of a tetrahedron", [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], -1 / 3),
        ("one dimension, signs differ", [[2], [-1], [5]], -1 / 3),
        ("random, 8 of 16", random.standard_normal((8, 16)), HAND),
        ("alike, 6 of 20", np.abs(random.standard_normal(20)) + 0.3 * random.standard_normal((6, 20)), HAND),
    ]
    cases = []
    for name, vectors, by_hand in lists:
        vectors = rounded(vectors, 7 if "60" in name else 4)
        cases.append({"name": name, "vectors": vectors, "expected": checked(name, clarity(vectors), by_hand)})
    return cases


def best_partition(vectors):
    """The group (0 or 1; 0 for the first) of each unit vector in the best partition, its sum of squared distances to the
    groups' means, and that of the second best partition (infinite for two vectors, which have only one)."""
    n = len(vectors)
    found = []
    for rest in itertools.product((0, 1), repeat=n - 1):
        groups = np.array((0,) + rest)
        if not any(rest):
            continue
        sides = [vectors[groups == side] for side in (0, 1)]
        found.append((sum(float(np.sum((side - side.mean(axis=0)) ** 2)) for side in sides), groups.tolist()))
    assert len(found) == 2 ** (n - 1) - 1
    found.sort()
    return found[0][1], found[0][0], found[1][0] if len(found) > 1 else math.inf


def polysemanticity_cases(random):
    def around(centres, counts, noise):
        return np.concatenate([c + noise * random.standard_normal((k, len(c))) for c, k in zip(centres, counts)])

    def clear_noise(shape):
        """Noise whose best partition is clearly the best."""
        while True:
            vectors = random.standard_normal(shape)
            _, best, second = best_partition(unit(vectors))
            if second - best > 0.05:
                return vectors

    axes = np.eye(6)
    lists = [
        ("two orthogonal", [[2, 0], [0, 3]], 1),
        ("two opposite", [[1, 2], [-2, -4]], 2),
        ("two alike", [[1, 2], [2, 4]], 0),
        ("two and one", [[1, 0, 0], [4, 0, 0], [0, 0, 2]], 1),
        ("two axes, mixed order", [[1, 0], [0, 1], [2, 0], [0, 5], [3, 0]], 1),
        ("length does not count", [[10, 1], [0.1, 0.02], [1, 8], [0.02, 0.1]], HAND),
        ("a lone one among many", around([axes[0], axes[3]], (7, 1), 0.08)[[1, 2, 7, 0, 3, 4, 5, 6]], HAND),
        ("three groups in two", around([axes[0], axes[0] + axes[1], axes[4]], (3, 3, 3), 0.1), HAND),
        ("noise, 7 of 8", clear_noise((7, 8)), HAND),
        ("noise, 9 of 5", clear_noise((9, 5)), HAND),
        ("noise, 3 of 4", clear_noise((3, 4)), HAND),
    ]
    cases = []
    for name, vectors, by_hand in lists:
        vectors = rounded(vectors)
        groups, best, second = best_partition(unit(vectors))
        assert second - best > 0.005, "%s: %g and %g are near" % (name, best, second)
        sides = [unit(vectors)[np.array(groups) == side] for side in (0, 1)]
        centres = unit([side.mean(axis=0) for side in sides])
        value = checked(name, float(1 - centres[0] @ centres[1]), by_hand)
        assert math.isclose(value, 1 - clarity(centres), abs_tol=1e-12)
        cases.append({"name": name, "vectors": vectors, "expected": value, "partition": groups, "squares": best})
        if math.isfinite(second):
            cases[-1]["secondSquares"] = second
    return cases


def agreement_cases(random):
    shared = np.abs(random.standard_normal(12))
    pairs = [
        ("the same direction", [[1, 0]], [[7, 0]], 1),
        ("by hand: 1, 0, -1, 0 in the mean", [[1, 0], [-3, 0]], [[2, 0], [0, 1]], 0),
        ("opposite", [[1, 1]], [[-2, -2]], -1),
        ("3-4-5", [[3, 4]], [[4, 3], [3, 4], [0, 2]], (24 / 25 + 1 + 4 / 5) / 3),
        ("one against many", [random.standard_normal(5)], random.standard_normal((4, 5)), HAND),
        ("alike", shared + 0.4 * random.standard_normal((5, 12)), shared + 0.4 * random.standard_normal((3, 12)), HAND),
    ]
    cases = []
    for name, a, b, by_hand in pairs:
        a, b = rounded(a), rounded(b)
        value = checked(name, float(np.mean(1 - distance.cdist(a, b, "cosine"))), by_hand)
        cases.append({"name": name, "A": a, "B": b, "expected": value})
    return cases


# 8: spectrum


def rings(height, width):
    """The mask [height, width] of each ring's bins.

    Whether a bin lies on an edge is decided in whole numbers: of 32 x 32, the bins (2, 2), (4, 0), (4, 4) ... lie exactly
    on one, belong to the outer ring, and would fall to either side by rounding. With the bin (i, j) and m = min(height,
    width), f >= (2 / m) sqrt(2)^k is (i width)^2 + (j height)^2 >= 4 * 2^k (height width / m)^2.
    """
    smaller = min(height, width)
    i = np.rint(np.fft.fftfreq(height) * height).astype(np.int64)[:, None]
    j = np.rint(np.fft.fftfreq(width) * width).astype(np.int64)[None, :]
    squared = ((i * width) ** 2 + (j * height) ** 2) * smaller**2
    masks = []
    while 2 / smaller * math.sqrt(2) ** (len(masks) + 1) <= 0.36:
        lower = 4 * 2 ** len(masks) * (height * width) ** 2
        masks.append((squared >= lower) & (squared < 2 * lower))
    return masks


def spectrum(image, reference, masks=None):
    """S, and the frequency, count of bins and value of each ring."""
    luminance = np.mean(np.asarray(image), axis=2)
    luminance = luminance - luminance.mean()
    amplitude = np.abs(np.fft.fft2(luminance))
    height, width = amplitude.shape
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    table = np.log(np.asarray(reference, dtype=float))
    line = interpolate.interp1d(table[:, 0], table[:, 1], kind="linear", fill_value="extrapolate")
    found = []
    for mask in rings(height, width) if masks is None else masks:
        f = float(frequency[mask].mean())
        found.append({"frequency": f, "bins": int(mask.sum()), "value": float(np.log(amplitude[mask].mean()) - line(np.log(f)))})
    return float(np.std([ring["value"] for ring in found])), found


def spectrum_cases(random):
    def natural(height, width):
        """Random phases, amplitude 1 / f; the colours share most of it."""
        frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
        frequency[0, 0] = np.inf
        planes = [np.fft.ifft2(np.fft.fft2(random.standard_normal((height, width))) / frequency).real for _ in range(4)]
        image = np.stack([planes[0] + 0.3 * plane for plane in planes[1:]], axis=-1)
        return 0.9 * image / np.abs(image).max()

    def noise(height, width, strength):
        return np.clip(strength * random.standard_normal((height, width, 3)), -1, 1)

    def checkerboard(height, width, period, strength):
        y, x = np.mgrid[:height, :width]
        return (strength * np.where((y // period + x // period) % 2 == 0, 1.0, -1.0))[..., None]

    # Falls with 1 / f^1.1 and a bend; begins above the lowest ring and ends below the highest.
    bent = rounded([[f, 40 / f**1.1 * (1 - 0.6 * f)] for f in (0.08, 0.1, 0.13, 0.17, 0.22, 0.28)])
    straight = [[0.01, 1000.0], [0.5, 20.0]]  # exactly 1 / f * 10
    flat = [[0.05, 3.0], [0.2, 3.0], [0.45, 3.0]]
    steep = [[0.03, 900.0], [0.09, 90.0], [0.27, 3.0]]
    half = rounded(natural(16, 16) / 2)
    plain = rounded(0.45 * natural(24, 20))
    images = [
        ("natural, 1 / f", natural(32, 32), bent),
        ("white noise", noise(32, 48, 0.3), bent),
        ("natural with a fine checkerboard, 3 pixels", 0.4 * natural(40, 36) + checkerboard(40, 36, 3, 0.5), bent),
        ("natural, small", plain, straight),
        ("the same with a checkerboard of 3 pixels: frequency 0.24", plain + checkerboard(24, 20, 3, 0.5), straight),
        ("the same with a checkerboard of 1 pixel: frequency 0.71, beyond the rings, same S", plain + checkerboard(24, 20, 1, 0.5), straight),
        ("natural, straight reference", half, straight),
        ("the same with twice the contrast: same S", np.array(half) * 2, straight),
        ("white noise, flat reference", noise(24, 16, 0.4), flat),
        ("white noise with a mean, steep reference", noise(17, 23, 0.2) + 0.15, steep),
        ("two rings", natural(12, 20), straight),
        ("one ring: S is 0", noise(8, 8, 0.5), straight),
    ]
    cases = []
    for name, image, reference in images:
        image = rounded(image)
        assert np.abs(image).max() <= 1
        value, found = spectrum(image, reference)
        if "one ring" in name:
            assert len(found) == 1
            checked(name, value, 0)
        cases.append({"name": name, "image": image, "reference": reference, "expected": value, "rings": found})
    found = {case["name"].split(":")[0]: case["expected"] for case in cases}
    for one, other in (
        ("natural, straight reference", "the same with twice the contrast"),
        ("natural, small", "the same with a checkerboard of 1 pixel"),
    ):
        assert math.isclose(found[one], found[other], rel_tol=1e-9), (one, other)
    return cases


# 9 to 11: photographs against frames


def natural_route(f, t, p):
    """R, rho(F, T), rho(T, T') and rho(P, P')."""

    def among(vectors):
        return float(np.mean([spearman(a, b) for a, b in itertools.combinations(vectors, 2)]))

    across = float(np.mean([spearman(a, b) for a in f for b in t]))
    excited, any_two = among(t), among(p)
    if excited - any_two < 0.02:
        return None, across, excited, any_two
    return (across - any_two) / (excited - any_two), across, excited, any_two


def natural_route_cases(random):
    channels = 32
    # Mean 0, deviation 1, uncorrelated: what is common to all photographs, and to those that excite the unit.
    directions, _ = np.linalg.qr(np.column_stack([np.ones(channels), random.standard_normal((channels, 2))]))
    common, own = math.sqrt(channels) * directions[:, 1:].T

    def photographs(count):
        """Half of the variance is common to all."""
        return common + random.standard_normal((count, channels))

    def exciting(count, kept=0.3):
        """As spread as any photograph, but most of it is common to these."""
        return common + math.sqrt(1 - kept) * own + math.sqrt(kept) * random.standard_normal((count, channels))

    def sharply_exciting(count):
        """More spread than any photograph."""
        return common + 2 * own + 0.5 * random.standard_normal((count, channels))

    other = random.standard_normal(channels)
    small = [[1, 2, 3, 4]], [[1, 2, 3, 4], [1, 2, 4, 3]], [[1, 2, 3, 4], [4, 3, 2, 1]]
    # Sums of squared differences of ranks from the first: 2, 4, 6; the correlation is 1 less 6 / 990 of that.
    order, swapped = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 0, 2, 3, 4, 5, 6, 7, 8, 9]
    swapped_twice, turned = [1, 0, 3, 2, 4, 5, 6, 7, 8, 9], [1, 2, 0, 3, 4, 5, 6, 7, 8, 9]
    t, p = exciting(14), photographs(16)
    lists = [
        ("by hand: (0.9 + 1) / (0.8 + 1)", *small, 1.9 / 1.8),
        ("photographs more alike than exciting ones", small[0], small[2], small[1], None),
        ("no difference", small[0], small[1], small[1], None),
        ("difference 2 / 165, too small", [order], [order, swapped], [order, swapped_twice], None),
        ("difference 4 / 165, large enough: 5 / 4", [order], [order, swapped], [order, turned], 1.25),
        ("frames are further exciting photographs: near 1", exciting(14), t, p, HAND),
        ("frames are further photographs, spreads alike: near 0", photographs(16), t, p, HAND),
        ("frames are something else", other + 0.5 * random.standard_normal((3, channels)), t, p, HAND),
        ("frames overdo it", common + 2 * own + 0.1 * random.standard_normal((3, channels)), t, p, HAND),
        ("frames are further photographs, exciting ones more spread", photographs(8), sharply_exciting(8), photographs(8), HAND),
        ("maps that are never negative, with ties", *(np.maximum(v, 0) for v in (exciting(4), exciting(5), photographs(6))), HAND),
    ]
    cases = []
    for name, f, t, p, by_hand in lists:
        f, t, p = rounded(f, 3), rounded(t, 3), rounded(p, 3)
        value, across, excited, any_two = natural_route(f, t, p)
        cases.append({"name": name, "F": f, "T": t, "P": p, "expected": checked(name, value, by_hand)})
        cases[-1].update({"rhoFT": across, "rhoTT": excited, "rhoPP": any_two})
    return cases


MATRICES = ("plusToPlus", "plusToMinus", "minusToPlus", "minusToMinus")


def film_differences(matrices, draws):
    plus_plus, plus_minus, minus_plus, minus_minus = (np.asarray(matrices[name]).mean(axis=1) for name in MATRICES)
    return np.array([plus_plus[i] - plus_minus[i] - minus_plus[k] + minus_minus[k] for i, k in draws])


def film_score_cases(random):
    def similar(rows, columns, mean, deviation=0.08):
        return rounded(mean + deviation * random.standard_normal((rows, columns)), 3)

    def drawn(count, rows, columns):
        return np.stack([random.integers(0, rows, count), random.integers(0, columns, count)], axis=1).tolist()

    # Eighths, four columns: every mean is exact, in single precision too, and so is a difference of 0.
    eighths = rounded(random.integers(-8, 9, (10, 4)) / 8)
    also_eighths = rounded(random.integers(-8, 9, (10, 4)) / 8)
    all_pairs = [list(pair) for pair in itertools.product(range(10), range(10))]
    shuffled = random.permutation(10)
    lists = [
        ("by hand: D = 1, sigmoid(0.16)", [[[0.75, 0.25]], [[0]], [[0.25]], [[0.75]]], [[0, 0]] * 20, 1, 1 / (1 + math.exp(-0.16)), 1),
        ("D is exactly 0", [[[0.5]], [[0.25]], [[0.75]], [[0.5]]], [[0, 0]] * 20, 0.1, 0.5, 0.5),
        ("wrong way round", [[[0]], [[1]], [[1]], [[0]]], [[0, 0]] * 20, 0.02, 1 / (1 + math.exp(16)), 0),
        (
            "D is 1, 0, -1, -2",
            [[[1], [0]], [[0], [0]], [[0], [2]], [[0], [0]]],
            [[0, 0], [1, 0], [0, 1], [1, 1]] * 5,
            0.16,
            sum(1 / (1 + math.exp(-d)) for d in (1, 0, -1, -2)) / 4,
            0.375,
        ),
        ("a film that helps", [similar(6, 5, 0.6), similar(6, 8, 0.45), similar(7, 5, 0.4), similar(7, 8, 0.42)], drawn(20, 6, 7), 0.05, HAND, HAND),
        ("a film that helps a little", [similar(5, 3, 0.5), similar(5, 9, 0.48), similar(5, 3, 0.49), similar(5, 9, 0.5)], drawn(20, 5, 5), 0.02, HAND, HAND),
        (
            "symmetric: the bottom holds the same queries, all pairs",
            [eighths, also_eighths, [eighths[k] for k in shuffled], [also_eighths[k] for k in shuffled]],
            all_pairs,
            0.05,
            0.5,
            0.5,
        ),
        ("symmetric: all of one distribution, random draws", [similar(400, 2, 0.5) for _ in MATRICES], drawn(2000, 400, 400), 0.01, HAND, HAND),
    ]
    cases = []
    for name, values, draws, scale, score_by_hand, share_by_hand in lists:
        matrices = {key: rounded(value) for key, value in zip(MATRICES, values)}
        differences = film_differences(matrices, draws)
        if share_by_hand is HAND:
            # A difference of nearly 0 could change its sign by rounding.
            draws = [draw for draw, d in zip(draws, differences) if abs(d) > 2e-5]
            differences = film_differences(matrices, draws)
        score = checked(name, float(np.mean(special.expit(0.16 * differences / scale))), score_by_hand)
        share = checked(name, float(np.mean(np.heaviside(differences, 0.5))), share_by_hand)
        cases.append({"name": name, **matrices, "draws": draws, "scale": scale, "expected": score, "share": share})
    return cases


def occlusion(drops, likenesses):
    """The share that is right, and how many pairs counted."""
    least = (max(drops) - min(drops)) / 4
    right = []
    for i, j in itertools.combinations(range(len(drops)), 2):
        if abs(drops[i] - drops[j]) > least:
            product = (drops[i] - drops[j]) * (likenesses[i] - likenesses[j])
            right.append(float(np.heaviside(product, 0.5)))
    return (float(np.mean(right)) if right else None), len(right)


def occlusion_cases(random):
    drops = random.standard_normal(25)
    pairs = [
        ("right", [0, 1], [-3, 5], 1),
        ("wrong", [0, 1], [5, -3], 0),
        ("equal likeness", [0, 1], [2, 2], 0.5),
        ("a quarter of the range exactly does not count: 4 pairs", [0, 1, 2, 4], [0, 3, 1, 2], 0.75),
        ("negative drops", [-4, -2, 0], [0.1, 0.2, 0.3], 1),
        ("one square", [1], [1], None),
        ("no drop differs", [0.1, 0.1, 0.1], [1, 2, 3], None),
        ("one likeness tied: 3.5 of 4 pairs", [0, 8, 0, 8], [1, 1, 0, 2], 0.875),
        ("a grid, likeness says something", drops, 0.6 * drops + random.standard_normal(25), HAND),
        ("a grid, likeness says nothing", random.exponential(size=49), random.standard_normal(49), HAND),
    ]
    cases = []
    for name, drops, likenesses, by_hand in pairs:
        drops, likenesses = rounded(drops), rounded(likenesses)
        value, counted = occlusion(drops, likenesses)
        # But for the case made for it, no pair may be so near to a quarter that rounding decides.
        nearest = min((abs(abs(a - b) - (max(drops) - min(drops)) / 4) for a, b in itertools.combinations(drops, 2)), default=1)
        assert nearest > 1e-6 or "quarter" in name or "no drop" in name, name
        cases.append({"name": name, "drops": drops, "likenesses": likenesses, "expected": checked(name, value, by_hand)})
        cases[-1]["pairs"] = counted
    return cases


def write_trust():
    makers = {
        "spearman": spearman_cases,
        "auc": area_cases,
        "mad": difference_cases,
        "overDrive": over_drive_cases,
        "clarity": clarity_cases,
        "polysemanticity": polysemanticity_cases,
        "agreement": agreement_cases,
        "spectrum": spectrum_cases,
        "naturalRoute": natural_route_cases,
        "filmMIS": film_score_cases,
        "occlusion": occlusion_cases,
    }
    # A generator for each list: a case more in one leaves the others as they are.
    lists = {key: maker(np.random.default_rng(sum(map(ord, key)))) for key, maker in makers.items()}
    for key, cases in lists.items():
        for case in cases:
            share = ", share %.6g" % case["share"] if "share" in case else ""
            print("%-16s %-60s %s%s" % (key, case["name"], "null" if case["expected"] is None else "%.6g" % case["expected"], share))
    write(os.path.join(GOLDEN, "trust.json"), lists)


# Gradient x activation of classes

# All in whole numbers, / rounding down; the pixel is k / 127.5 - 1.
FORMULAS = {
    "steps": ("k = (7 y + 13 x + 29 c + 37 (y / 16) (x / 16)) mod 255", lambda y, x, c: (7 * y + 13 * x + 29 * c + 37 * (y // 16) * (x // 16)) % 255),
    "waves": ("k = (y y / 32 + 3 x + 85 c + 11 (x y / 64)) mod 255", lambda y, x, c: (y * y // 32 + 3 * x + 85 * c + 11 * (x * y // 64)) % 255),
}

# Layer, its tensor in the ONNX file, units. The first is inside a residual branch, three blocks before the head; the second
# is what the head sees.
LAYERS = [
    ("blocks.5.2.bn3", "/blocks/blocks.5/blocks.5.2/bn3/BatchNormalization_output_0", (7, 60, 150)),
    ("blocks.6.0.bn3", "/blocks/blocks.6/blocks.6.0/bn3/BatchNormalization_output_0", (10, 123, 299)),
]


def write_classes():
    import onnx
    import onnxruntime
    import torch
    import torch.nn.functional as functional

    torch.set_num_threads(1)
    model = onnx.load(NETWORK)
    weights = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}

    def same_padding(x, kernel, stride):
        """Zeros as auto_pad SAME_UPPER asks for: the odd one after."""
        sizes = []
        for axis in (3, 2):
            size = x.shape[axis]
            total = max((-(-size // stride) - 1) * stride + kernel[axis - 2] - size, 0)
            sizes += [total // 2, total - total // 2]
        return functional.pad(x, sizes)

    def run_node(node, inputs):
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        x = inputs[0]
        if node.op_type == "Conv":
            assert attributes["auto_pad"] == b"SAME_UPPER" and len(inputs) == 2
            stride = attributes["strides"][0]
            return functional.conv2d(same_padding(x, inputs[1].shape[2:], stride), inputs[1], stride=stride, groups=attributes["group"])
        if node.op_type == "BatchNormalization":
            gamma, beta, mean, variance = inputs[1:]
            return functional.batch_norm(x, mean, variance, gamma, beta, training=False, eps=attributes["epsilon"])
        if node.op_type == "Clip":
            return torch.clamp(x, float(inputs[1]), float(inputs[2]))
        if node.op_type == "Add":
            return x + inputs[1]
        if node.op_type == "GlobalAveragePool":
            return x.mean(dim=(2, 3), keepdim=True)
        if node.op_type == "Flatten":
            return x.flatten(1)
        assert node.op_type == "Gemm" and attributes == {"transB": 1}, node.op_type
        return x @ inputs[1].T + inputs[2]

    def evaluate(tensors, changed):
        """The tensors with all that depends on those of the names `changed` computed anew."""
        tensors, changed = dict(tensors), set(changed)
        for node in model.graph.node:
            if changed.intersection(node.input):
                tensors[node.output[0]] = run_node(node, [tensors[name] for name in node.input])
                changed.add(node.output[0])
        return tensors

    def attributions(tensors, tensor, units):
        """Map [channel, y, x], and for each unit the sum over places of gradient times map for each logit [unit, logit]."""
        leaf = tensors[tensor].detach().clone().requires_grad_()
        logits = evaluate({**tensors, tensor: leaf}, [tensor])["logits"][0]
        rows = []
        for k in range(len(logits)):
            (gradient,) = torch.autograd.grad(logits[k], leaf, retain_graph=True)
            rows.append((gradient * leaf).sum(dim=(2, 3))[0, list(units)].detach())
        return leaf.detach()[0].numpy(), torch.stack(rows, dim=1).numpy()

    def directional(tensors, tensor, unit):
        """The same for one unit by forward differentiation: the derivative of all logits along the unit's map."""
        direction = torch.zeros_like(tensors[tensor])
        direction[:, unit] = tensors[tensor][:, unit]
        return torch.func.jvp(lambda x: evaluate({**tensors, tensor: x}, [tensor])["logits"][0], (tensors[tensor],), (direction,))[1].numpy()

    # onnxruntime gives the logits and the maps in single precision: what both are held against.
    watched = onnx.load(NETWORK)
    for _, tensor, _ in LAYERS:
        watched.graph.output.append(onnx.helper.make_tensor_value_info(tensor, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])

    indices = list(range(0, 1000, 100))
    cases = []
    worst = {"map": 0.0, "logits": 0.0, "single": 0.0, "jvp": 0.0}
    for image_name, (_, formula) in FORMULAS.items():
        y, x, c = np.meshgrid(np.arange(224), np.arange(224), np.arange(3), indexing="ij")
        # The card's mean and deviation are 0.5: the network sees the image in -1...1 as it is.
        image = (formula(y, x, c) / 127.5 - 1).transpose(2, 0, 1)[None]
        seen = dict(zip(["logits"] + [tensor for _, tensor, _ in LAYERS], session.run(None, {"image": image.astype(np.float32)})))
        with torch.no_grad():
            double, single = (
                evaluate({"image": torch.tensor(image, dtype=kind), **{k: torch.tensor(v, dtype=kind) for k, v in weights.items()}}, ["image"])
                for kind in (torch.float64, torch.float32)
            )
        logits = double["logits"][0].numpy()
        worst["logits"] = max(worst["logits"], float(np.abs(logits - seen["logits"][0]).max()))
        for layer, tensor, units in LAYERS:
            maps, values = attributions(double, tensor, units)
            _, in_single = attributions(single, tensor, units)
            worst["map"] = max(worst["map"], float(np.abs(maps - seen[tensor][0]).max()))
            for unit, row, single_row in zip(units, values, in_single):
                order = np.argsort(-row, kind="stable")
                worst["jvp"] = max(worst["jvp"], float(np.abs(row - directional(double, tensor, unit)).max()))
                difference = float(np.abs(row - single_row).max())
                worst["single"] = max(worst["single"], difference / float(np.abs(row).max()))
                # What the order of the listed ones hangs on.
                gaps = -np.diff(row[order])
                gap = float(min(gaps[:10].min(), gaps[-3:].min()))
                assert gap > 10 * difference, (image_name, layer, unit, gap, difference)
                cases.append(
                    {
                        "image": image_name,
                        "layer": layer,
                        "unit": unit,
                        "meanActivation": float(maps[unit].mean()),
                        "top": [{"index": int(k), "value": float(row[k])} for k in order[:10]],
                        "bottom": [{"index": int(k), "value": float(row[k])} for k in order[::-1][:3]],
                        "atIndices": row[indices],
                        "largest": float(np.abs(row).max()),
                        "smallestGap": gap,
                        "differenceInSinglePrecision": difference,
                    }
                )
                print("%s %s %d: mean %.5g, top %d %.5g, smallest gap %.2g, single precision %.2g" % (image_name, layer, unit, maps[unit].mean(), order[0], row[order[0]], gap, difference))
        top = np.argsort(-logits)[:5]
        cases.append({"image": image_name, "logits": {"top": [{"index": int(k), "value": float(logits[k])} for k in top], "atIndices": logits[indices]}})
    print(worst)
    assert worst["logits"] < 1e-4 and worst["map"] < 1e-4 and worst["jvp"] < 1e-9
    write(
        os.path.join(GOLDEN, "classes.json"),
        {
            "about": "Sum over places of d logit / d map[unit] * map[unit]; logits before the softmax. Computed in double precision.",
            "network": "Weights/efficientnet_lite0.onnx (Weights/mobilenet_v2.onnx has no classifier)",
            "formulas": {name: text for name, (text, _) in FORMULAS.items()},
            "pixel": "image[y][x][c] = k / 127.5 - 1, 224 x 224 x 3 (RGB), y and x and c from 0, whole numbers, / rounds down",
            "tensors": {layer: tensor for layer, tensor, _ in LAYERS},
            "indices": indices,
            "images": [{"image": case["image"], **case["logits"]} for case in cases if "logits" in case],
            "cases": [case for case in cases if "unit" in case],
        },
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("trust", "classes"), default="trust")
    os.makedirs(GOLDEN, exist_ok=True)
    write_classes() if parser.parse_args().what == "classes" else write_trust()
