"""Training in PyTorch, eager, the way its tutorials have it: one network, torch.nn and torch.optim."""
import torch
from torch.nn.functional import cross_entropy

import contest


def blas():
    return "MKL" if torch.backends.mkl.is_available() else contest.fast_blas()


def noise(question, memory={}):
    """Rows of normal noise and random classes, kept from question to question."""
    key = (question["sizes"][0], question["sizes"][-1], question["rows"])
    if memory.get("key") != key:
        width, classes, rows = key
        torch.manual_seed(0)
        memory.update(key=key, data=(torch.randn(rows, width), torch.randint(0, classes, (rows,))))
    return memory["data"]


def optimizer(question, parameters):
    if question["optimizer"] == "adam":
        return torch.optim.Adam(parameters, lr=0.001)
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def fresh(question):
    features, labels = noise(question)
    sizes, batch, rows = question["sizes"], question["batch"], question["rows"]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    stepper = optimizer(question, network.parameters())

    def step(x, y):
        stepper.zero_grad(set_to_none=True)
        cross_entropy(network(x), y).backward()
        stepper.step()

    def epoch():
        order = torch.randperm(rows)
        # One gather an epoch and views of it: faster than one a mini-batch.
        x, y = features[order], labels[order]
        for start in range(0, rows, batch):
            step(x[start:start + batch], y[start:start + batch])

    return lambda: step(features[:batch], labels[:batch]), epoch


def main():
    torch.set_num_threads(1)
    contest.serve(
        f"PyTorch {torch.__version__}", blas(), lambda question: contest.rows_per_second(question, lambda: fresh(question)))


if __name__ == "__main__":
    main()
