"""Steps of torch.optim.Adam on given gradients, for AdamTest; the test computes the same gradients.

Run with PyTorch: python3 make_adam_golden.py > ../resources/golden/adam.json
"""

import json
import math

import torch

SIZE, STEPS, LEARNING_RATE = 512, 5, 1e-3


def gradient(step):
    """From 1 down to 1e-8, of either sign, different in each step."""
    return [math.sin(i + 1 + 3 * step) * 10.0 ** -(i % 9) for i in range(SIZE)]


parameter = torch.nn.Parameter(torch.zeros(SIZE, dtype=torch.float64))
optimizer = torch.optim.Adam([parameter], lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-7)
after = []
for step in range(1, STEPS + 1):
    parameter.grad = torch.tensor(gradient(step), dtype=torch.float64)
    optimizer.step()
    after.append([float("%.9g" % value) for value in parameter.detach().tolist()])
print(json.dumps({"after": after}))
