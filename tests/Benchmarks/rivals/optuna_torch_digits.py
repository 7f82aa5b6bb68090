"""The study of examples/digits.yaml by Optuna and PyTorch: two processes over one SQLite storage in the current folder.

The same rows for training and for validation, scaling, search space, number of trials and epochs, and random search too. Weights start
as PyTorch has it. The validation rows are looked at once, at the end of a trial, which is less than ours does.

usage: optuna_torch_digits.py DATA SPLIT TRIALS SEED; prints {"name": ..., "best": ...}, without "best" when something is missing.
"""
import json
import math
import multiprocessing
import sys

import numpy as np
import optuna
import torch
from torch.nn.functional import cross_entropy

import contest
from torch_networks import blas

STORAGE = "sqlite:///optuna.db"
STUDY = "digits"
PROCESSES = 2
EPOCHS = 30
ACTIVATIONS = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def load(path, split):
    """(training x, y), (validation x, y): the rows named in the split file, features to [0, 1] by the training rows' range."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    x, y = table[:, :-1], table[:, -1].astype(int)
    with open(split, encoding="utf-8") as lines:
        training, validation = (np.array(line.split(), dtype=int) for line in lines)
    low, high = x[training].min(axis=0), x[training].max(axis=0)
    x = (x - low) / np.where(high > low, high - low, 1)
    return [(torch.tensor(x[rows], dtype=torch.float32), torch.tensor(y[rows])) for rows in (training, validation)]


def train(trial, training, validation):
    learning_rate = trial.suggest_float("learning_rate", 1e-4, 1.0, log=True)
    layers = trial.suggest_int("layers", 1, 3)
    width = trial.suggest_int("width", 8, 128, log=True)
    batch = trial.suggest_categorical("batch_size", [16, 32, 64, 128])
    activation = ACTIVATIONS[trial.suggest_categorical("activation", list(ACTIVATIONS))]
    method = trial.suggest_categorical("optimizer", ["sgd", "adam"])

    stack, inputs = [], 64
    for _ in range(layers):
        stack += [torch.nn.Linear(inputs, width), activation()]
        inputs = width
    network = torch.nn.Sequential(*stack, torch.nn.Linear(inputs, 10))
    if method == "sgd":
        momentum = trial.suggest_float("momentum", 0.0, 0.99)
        optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate, momentum=momentum)
    else:
        optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)

    features, labels = training
    for _ in range(EPOCHS):
        order = torch.randperm(len(labels))
        x, y = features[order], labels[order]
        for start in range(0, len(y), batch):
            optimizer.zero_grad(set_to_none=True)
            loss = cross_entropy(network(x[start:start + batch]), y[start:start + batch])
            loss.backward()
            optimizer.step()
        if not math.isfinite(loss.item()):
            return math.nan
    with torch.no_grad():
        return cross_entropy(network(validation[0]), validation[1]).item()


def work(number, path, split, trials, seed):
    torch.set_num_threads(1)
    torch.manual_seed(PROCESSES * seed + number)
    training, validation = load(path, split)
    study = optuna.load_study(
        study_name=STUDY, storage=STORAGE, sampler=optuna.samplers.RandomSampler(seed=PROCESSES * seed + number))
    study.optimize(lambda trial: train(trial, training, validation), n_trials=trials)


def main(path, split, trials, seed):
    name = f"Optuna {optuna.__version__} + PyTorch {torch.__version__}"
    found = blas()
    if found is None:
        print(json.dumps({"name": f"{name}: {contest.NEEDS_BLAS} missing"}))
        return
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    optuna.create_study(study_name=STUDY, storage=STORAGE)
    # Forked, the workers need not import anything again; each opens the storage for itself.
    context = multiprocessing.get_context("fork")
    shares = [trials // PROCESSES + (number < trials % PROCESSES) for number in range(PROCESSES)]
    workers = [context.Process(target=work, args=(number, path, split, share, seed)) for number, share in enumerate(shares)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        sys.exit("A worker failed.")
    study = optuna.load_study(study_name=STUDY, storage=STORAGE)
    print(json.dumps({"name": f"{name}, {found}", "best": study.best_value}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
