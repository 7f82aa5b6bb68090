"""Training in numpy by hand, as fast as numpy allows: float32, all parameters in one vector, results written into buffers."""
import numpy as np

import contest


def noise(question, memory={}):
    """Rows of normal noise and random classes, kept from question to question."""
    key = (question["sizes"][0], question["sizes"][-1], question["rows"])
    if memory.get("key") != key:
        width, classes, rows = key
        rng = np.random.default_rng(0)
        memory.update(key=key, data=(rng.standard_normal((rows, width), dtype=np.float32), rng.integers(0, classes, rows)))
    return memory["data"]


class Momentum:
    def __init__(self, length):
        self.velocity = np.zeros(length, np.float32)
        self.move = np.empty(length, np.float32)

    def step(self, parameters, gradient):
        self.velocity *= np.float32(0.9)
        self.velocity += gradient
        np.multiply(self.velocity, np.float32(0.01), out=self.move)
        parameters -= self.move


class Adam:
    def __init__(self, length):
        self.first = np.zeros(length, np.float32)
        self.second = np.zeros(length, np.float32)
        self.move = np.empty(length, np.float32)
        self.steps = 0

    def step(self, parameters, gradient):
        self.steps += 1
        correction = (1 - 0.999 ** self.steps) ** 0.5
        rate = 0.001 * correction / (1 - 0.9 ** self.steps)
        self.first *= np.float32(0.9)
        np.multiply(gradient, np.float32(0.1), out=self.move)
        self.first += self.move
        self.second *= np.float32(0.999)
        np.square(gradient, out=self.move)
        self.move *= np.float32(0.001)
        self.second += self.move
        np.sqrt(self.second, out=self.move)
        self.move += np.float32(1e-8 * correction)
        np.divide(self.first, self.move, out=self.move)
        self.move *= np.float32(rate)
        parameters -= self.move


class Network:
    """Weights [inputs, outputs] and biases [outputs] of every layer as views of one vector, and their gradients of another."""

    def __init__(self, sizes, rng):
        shapes = list(zip(sizes, sizes[1:]))
        length = sum((inputs + 1) * outputs for inputs, outputs in shapes)
        self.parameters = np.zeros(length, np.float32)
        self.gradient = np.zeros(length, np.float32)
        self.layers = []
        start = 0
        for inputs, outputs in shapes:
            middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
            weights, biases, weight_slopes, bias_slopes = (
                whole[a:b].reshape(shape)
                for whole in (self.parameters, self.gradient)
                for a, b, shape in ((start, middle, (inputs, outputs)), (middle, end, (outputs,))))
            weights[:] = rng.standard_normal((inputs, outputs), dtype=np.float32) * np.float32((2 / inputs) ** 0.5)
            self.layers.append((weights, biases, weight_slopes, bias_slopes))
            start = end

    def differentiate(self, x, labels):
        """The gradient of the mean cross-entropy, into self.gradient."""
        outputs = [x]
        for layer, (weights, biases, _, _) in enumerate(self.layers):
            z = outputs[-1] @ weights
            z += biases
            if layer < len(self.layers) - 1:
                np.maximum(z, 0, out=z)
            outputs.append(z)
        slope = outputs.pop()
        slope -= slope.max(axis=1, keepdims=True)
        np.exp(slope, out=slope)
        slope /= slope.sum(axis=1, keepdims=True)
        slope[np.arange(len(labels)), labels] -= 1
        slope *= np.float32(1 / len(labels))
        for layer in range(len(self.layers) - 1, -1, -1):
            weights, _, weight_slopes, bias_slopes = self.layers[layer]
            np.matmul(outputs[layer].T, slope, out=weight_slopes)
            slope.sum(axis=0, out=bias_slopes)
            if layer > 0:
                slope = slope @ weights.T
                slope *= outputs[layer] > 0


def fresh(question, rng=np.random.default_rng(1)):
    features, labels = noise(question)
    batch, rows = question["batch"], question["rows"]
    network = Network(question["sizes"], rng)
    optimizer = (Adam if question["optimizer"] == "adam" else Momentum)(len(network.parameters))

    def step(x, y):
        network.differentiate(x, y)
        optimizer.step(network.parameters, network.gradient)

    def epoch():
        order = rng.permutation(rows)
        x, y = features[order], labels[order]
        for start in range(0, rows, batch):
            step(x[start:start + batch], y[start:start + batch])

    return lambda: step(features[:batch], labels[:batch]), epoch


if __name__ == "__main__":
    contest.serve(
        f"numpy {np.__version__}", contest.fast_blas(), lambda question: contest.rows_per_second(question, lambda: fresh(question)))
