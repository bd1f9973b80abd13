"""Golden numbers of the network, made with PyTorch in float64: network.json.

    python3 make_golden.py ../resources/golden/network.json

Needs torch (1.13 or later) and numpy. The network is written here from the Keras example, not
from the Java sources. Weights, volumes and labels follow from the seed by java.util.SplittableRandom,
which both sides compute (GoldenCase.java).

Float32 cannot tell which of two nearly equal values is the maximum of a pooling window, nor whether
a value near 0 passes a ReLU, and each such turn moves a gradient by more than rounding does. In
block 1 voxels and weights are therefore rounded to so few bits that its sums are exact, and the
seed is the first whose narrowest decision in the later blocks is wider than float32 sums err by.
"""

import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

SHAPE = (48, 48, 48)
BATCH = 2
FILTERS = [64, 64, 128, 256]
HIDDEN = 512
NORM_EPSILON = 1e-3  # Keras' default
NORM_MOMENTUM = 0.99  # Keras' default: weight of the old value
LABELS = torch.tensor([1.0, 0.0], dtype=torch.float64)
STEPS = 3
SAMPLES = 16
# Narrowest decision of each block as a share of the standard deviation of its values.
NARROWEST = [0, 3e-6, 3e-6, 3e-6]
VOXEL_STEP = 2.0**-4
FIRST_BLOCK_STEP = 2.0**-16


def random_doubles(seed, count):
    """java.util.SplittableRandom(seed).nextDouble(), count times."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def tensors():
    specs, fan_in = [], 1
    for block, out in enumerate(FILTERS, 1):
        prefix = f"block{block}."
        specs.append((prefix + "conv.weight", (out, fan_in, 3, 3, 3)))
        specs.append((prefix + "conv.bias", (out,)))
        for name in ["weight", "bias", "running_mean", "running_var"]:
            specs.append((prefix + "norm." + name, (out,)))
        fan_in = out
    specs += [("dense1.weight", (HIDDEN, fan_in)), ("dense1.bias", (HIDDEN,))]
    specs += [("dense2.weight", (1, HIDDEN)), ("dense2.bias", (1,))]
    return specs


def initial_weights(seed):
    """Kernels as ModelWeights.initial(seed) draws them; the vectors away from their defaults."""
    specs = tensors()
    kernels = random_doubles(seed, sum(np.prod(s) for _, s in specs if len(s) > 1))
    vectors = random_doubles(seed + 1, sum(np.prod(s) for _, s in specs if len(s) == 1))
    weights = {}
    for name, shape in specs:
        size = int(np.prod(shape))
        if len(shape) > 1:
            limit = np.sqrt(6.0 / (size // shape[0] + size // shape[1]))
            u, kernels = kernels[:size], kernels[size:]
            values = (2 * u - 1) * limit
        else:
            u, vectors = vectors[:size], vectors[size:]
            around_one = name.endswith("norm.weight") or name.endswith("running_var")
            values = u + 0.5 if around_one else (u - 0.5) * 0.2
        values = values.astype(np.float32).astype(np.float64)
        if name.startswith("block1.conv."):
            values = np.floor(values / FIRST_BLOCK_STEP) * FIRST_BLOCK_STEP
        weights[name] = torch.tensor(values).reshape(shape)
    return weights


def volumes(seed):
    u = random_doubles(seed + 2, BATCH * int(np.prod(SHAPE)))
    u = np.floor(u / VOXEL_STEP) * VOXEL_STEP
    return torch.tensor(u).reshape(BATCH, 1, *SHAPE)


def narrowest(x):
    """Smallest gap between the winner of a pooling window and the runner-up or 0, in units of std."""
    n, c, *space = x.shape
    a, b, d = [s // 2 for s in space]
    w = x[:, :, : 2 * a, : 2 * b, : 2 * d].reshape(n, c, a, 2, b, 2, d, 2)
    w = w.permute(0, 1, 2, 4, 6, 3, 5, 7).reshape(-1, 8)
    w = torch.cat([w, torch.zeros(len(w), 1, dtype=w.dtype)], 1)
    top = w.topk(2, 1).values
    return float((top[:, 0] - top[:, 1]).min() / x.std())


def forward(weights, x, training):
    """Logits (N,), and for each block its output and narrowest decision."""
    outputs, gaps = [], []
    for block in range(1, len(FILTERS) + 1):
        w = {k.split(".", 1)[1]: v for k, v in weights.items() if k.startswith(f"block{block}.")}
        x = F.conv3d(x, w["conv.weight"], w["conv.bias"])
        gaps.append(narrowest(x.detach()))
        x = F.max_pool3d(F.relu(x), 2)
        x = F.batch_norm(
            x, w["norm.running_mean"], w["norm.running_var"], w["norm.weight"], w["norm.bias"],
            training=training, momentum=1 - NORM_MOMENTUM, eps=NORM_EPSILON)
        outputs.append(x)
    x = x.mean((2, 3, 4))
    x = F.relu(F.linear(x, weights["dense1.weight"], weights["dense1.bias"]))
    return F.linear(x, weights["dense2.weight"], weights["dense2.bias"])[:, 0], outputs, gaps


def summary(tensor):
    """Norm, sum and some entries, evenly spread."""
    flat = tensor.detach().reshape(-1)
    at = [i * len(flat) // SAMPLES for i in range(SAMPLES)] if len(flat) > SAMPLES else range(len(flat))
    return {
        "norm": float(flat.norm()),
        "sum": float(flat.sum()),
        "samples": {str(i): float(flat[i]) for i in at},
    }


def golden(seed):
    weights = initial_weights(seed)
    trainable = [k for k in weights if ".running_" not in k]
    x = volumes(seed)
    with torch.no_grad():
        logits, blocks, _ = forward({k: v.clone() for k, v in weights.items()}, x, False)
    result = {
        "made_with": f"torch {torch.__version__}, float64",
        "seed": seed,
        "shape": "x".join(map(str, SHAPE)),
        "inference": {
            "logits": logits.tolist(),
            "probabilities": torch.sigmoid(logits).tolist(),
            "blocks": [{"shape": list(b.shape), **summary(b)} for b in blocks],
        },
    }
    for k in trainable:
        weights[k].requires_grad_(True)
    optimizer = torch.optim.Adam([weights[k] for k in trainable], lr=1e-4, betas=(0.9, 0.999), eps=1e-7)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        logits, _, gaps = forward(weights, x, True)
        if step == 0 and any(gap < limit for gap, limit in zip(gaps, NARROWEST)):
            return None, gaps
        loss = F.binary_cross_entropy_with_logits(logits, LABELS)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            result["gradients"] = {k: summary(weights[k].grad) for k in trainable}
            result["training_logits"] = logits.tolist()
        optimizer.step()
    result["losses"] = losses
    result["weights_after_steps"] = {k: summary(v) for k, v in weights.items()}
    return result, gaps


if __name__ == "__main__":
    for seed in range(1, 1000):
        result, gaps = golden(seed)
        print(seed, "narrowest decisions", gaps, file=sys.stderr)
        if result:
            with open(sys.argv[1], "w") as f:
                json.dump(result, f, indent=1)
                f.write("\n")
            break
