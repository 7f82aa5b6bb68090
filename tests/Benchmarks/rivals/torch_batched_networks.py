"""Training of several networks of one shape at once in PyTorch: stacked weights, torch.baddbmm.

All networks see the same mini-batches, which saves the framework all but one gather; one optimizer moves the stacked weights, which
is right for SGD and Adam since they treat every number by itself.
"""
import torch
from torch.nn.functional import cross_entropy

import contest
from torch_networks import blas, noise, optimizer


def fresh(question):
    features, labels = noise(question)
    sizes, batch, rows, networks = question["sizes"], question["batch"], question["rows"], question["count"]
    weights, biases = [], []
    for inputs, outputs in zip(sizes, sizes[1:]):
        bound = inputs ** -0.5
        weights.append(torch.empty(networks, inputs, outputs).uniform_(-bound, bound).requires_grad_())
        biases.append(torch.empty(networks, 1, outputs).uniform_(-bound, bound).requires_grad_())
    stepper = optimizer(question, weights + biases)

    def step(x, y):
        stepper.zero_grad(set_to_none=True)
        outputs = x.expand(networks, -1, -1)
        for layer, (weight, bias) in enumerate(zip(weights, biases)):
            if layer > 0:
                outputs = torch.relu(outputs)
            outputs = torch.baddbmm(bias, outputs, weight)
        loss = cross_entropy(outputs.reshape(-1, sizes[-1]), y.repeat(networks))
        # The mean over the rows of each network, added up: every network has the gradient it would have alone.
        (loss * networks).backward()
        stepper.step()

    def epoch():
        order = torch.randperm(rows)
        x, y = features[order], labels[order]
        for start in range(0, rows, batch):
            step(x[start:start + batch], y[start:start + batch])

    return lambda: step(features[:batch], labels[:batch]), epoch


def main():
    torch.set_num_threads(1)
    contest.serve(
        f"PyTorch {torch.__version__} bmm", blas(),
        lambda question: contest.rows_per_second(question, lambda: fresh(question), question["count"]))


if __name__ == "__main__":
    main()
