"""Makes the golden files of the trainer's tests with SciPy 1.17.

Run from this folder: python3 golden.py
"""

import pathlib

import numpy as np
from scipy import ndimage, stats

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
ANGLES = [-20, -10, -5, 5, 10, 20]
# Square and not, odd and even, larger than the reach of the spline's prefilter and smaller.
SHAPES = [(48, 48, 2), (31, 24, 3), (12, 13, 5), (2, 5, 4)]


def augmented(volume, angle):
    """The reference's scipy_rotate, with a given angle."""
    volume = ndimage.rotate(volume, angle, reshape=False)
    volume[volume < 0] = 0
    volume[volume > 1] = 1
    return volume


def rotations(rng):
    for shape in SHAPES:
        # Noise with hard edges: much overshoot, so that the clipping counts.
        volume = np.where(rng.random(shape) < 0.3, rng.integers(0, 2, shape), rng.random(shape))
        volume = volume.astype("<f4")
        name = "rotate-" + "x".join(map(str, shape))
        volume.tofile(GOLDEN / f"{name}.f32")
        for angle in ANGLES:
            augmented(volume, angle).astype("<f4").tofile(GOLDEN / f"{name}.{angle}.f32")


def metrics(probabilities, abnormal):
    p = np.asarray(probabilities, "float32").astype("float64")
    y = np.asarray(abnormal, bool)
    clipped = np.clip(np.where(y, p, 1 - p), 1e-7, 1 - 1e-7)
    found = p >= 0.5
    nan = float("nan")
    both = y.any() and not y.all()
    auroc = stats.mannwhitneyu(p[y], p[~y]).statistic / (y.sum() * (~y).sum()) if both else nan
    return [
        -np.log(clipped).mean(),
        (found == y).mean(),
        auroc,
        found[y].mean() if y.any() else nan,
        (~found[~y]).mean() if not y.all() else nan,
    ]


def metric_table(rng):
    cases = [
        ([0.9, 0.8, 0.3, 0.1], [1, 1, 0, 0]),
        ([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]),
        ([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0]),
        ([0.7, 0.7, 0.2, 0.7, 0.4], [1, 0, 0, 1, 1]),
        ([0.0, 1.0], [1, 0]),
        ([0.6, 0.4, 0.9], [1, 1, 1]),
        ([0.6, 0.4], [0, 0]),
    ]
    for scans in (10, 60, 200):
        abnormal = rng.random(scans) < 0.4
        # Two decimals: many ties.
        probabilities = np.round(np.clip(rng.normal(0.4 + 0.2 * abnormal, 0.25), 0, 1), 2)
        cases.append((probabilities.tolist(), abnormal.astype(int).tolist()))
    lines = ["probabilities\tabnormal\tloss\taccuracy\tauroc\tsensitivity\tspecificity"]
    for probabilities, abnormal in cases:
        figures = [repr(float(f)).replace("nan", "NaN") for f in metrics(probabilities, abnormal)]
        columns = [" ".join(map(str, probabilities)), " ".join(map(str, abnormal)), *figures]
        lines.append("\t".join(columns))
    (GOLDEN / "metrics.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    rotations(np.random.default_rng(7))
    metric_table(np.random.default_rng(8))
