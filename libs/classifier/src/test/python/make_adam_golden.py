"""Steps of keras.optimizers.Adam on given gradients, for AdamTest; the test computes the same gradients.

Run with Keras 3: python3 make_adam_golden.py > ../resources/golden/adam.json
"""

import json
import math

import keras

SIZE, STEPS, LEARNING_RATE = 512, 5, 1e-3


def gradient(step):
    """From 1 down to 1e-8, of either sign, different in each step."""
    return [math.sin(i + 1 + 3 * step) * 10.0 ** -(i % 9) for i in range(SIZE)]


keras.config.set_floatx("float64")
parameter = keras.Variable([0.0] * SIZE, dtype="float64")
optimizer = keras.optimizers.Adam(LEARNING_RATE)
after = []
for step in range(1, STEPS + 1):
    gradients = keras.ops.convert_to_tensor(gradient(step), dtype="float64")
    optimizer.apply([gradients], [parameter])
    after.append([float("%.9g" % value) for value in keras.ops.convert_to_numpy(parameter)])
print(json.dumps({"made_with": f"keras {keras.__version__}, float64", "after": after}))
