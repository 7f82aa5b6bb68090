"""Studies of Optuna on the problems of the suite `quality`, and the time an ask and tell takes for the suite `sampling`.

Writes one line: {"name": ..., "samplers": [...]}; then, for each line {"sampler", "seed", "trials", "problem"} it reads, the judged value
of the incumbent after each trial as a JSON array. The problem describes itself: a function in a box, moved or not, or a table. For a line
{"sampler", "parameters", "trials", "inARow"} it writes milliseconds: the mean of so many asks and tells after so many trials.
"""
import csv
import gzip
import importlib.util
import json
import math
import sys
import time
import warnings

import numpy as np
import optuna

A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
              [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]) / 1e4
WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])


def branin(x):
    bowl = x[1] - 5.1 / (4 * math.pi ** 2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return bowl ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann6(x):
    return -float(WEIGHTS @ np.exp(-(A * (x - P) ** 2).sum(axis=1)))


def ackley(x):
    return float(-20 * np.exp(-0.2 * np.sqrt((x * x).mean())) - np.exp(np.cos(2 * np.pi * x).mean()) + 20 + np.e)


def rosenbrock(x):
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


def levy(x):
    w = 1 + (x - 1) / 4
    return float(np.sin(np.pi * w[0]) ** 2 + ((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)).sum()
                 + (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2))


FUNCTIONS = {"branin": branin, "hartmann6": hartmann6, "ackley10": ackley, "rosen10": rosenbrock, "levy10": levy}
SAMPLERS = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "tpe_multivariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "cmaes": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed, deterministic_objective=True),
}


class Function:
    maximize = False

    def __init__(self, about):
        self.value = FUNCTIONS[about["function"]]
        self.low, self.high = np.array(about["low"]), np.array(about["high"])
        self.optimum = np.array(about["optimum"])
        self.target = None if about["target"] is None else np.array(about["target"])
        self.rotation = None if about["rotation"] is None else np.array(about["rotation"])

    def ask(self, trial):
        return np.array([trial.suggest_float(f"x{i}", low, high) for i, (low, high) in enumerate(zip(self.low, self.high))])

    def observe(self, x, rng):
        return self.judge(x)

    def judge(self, x):
        if self.target is not None:
            u = (x - self.low) / (self.high - self.low)
            x = self.low + (self.optimum + self.rotation @ (u - self.target)) * (self.high - self.low)
        return float(self.value(x))


class Table:
    tables = {}

    def __init__(self, about):
        self.columns, self.levels, self.maximize = about["columns"], about["levels"], about["maximize"]
        path = about["path"]
        if path not in Table.tables:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                rows = csv.reader(lines)
                next(rows)
                inputs = len(self.columns)
                Table.tables[path] = {tuple(row[:inputs]): [float(v) for v in row[inputs:]] for row in rows}
        self.rows = Table.tables[path]

    def ask(self, trial):
        chosen = []
        for column, levels in zip(self.columns, self.levels):
            try:
                float(levels[0])
                chosen.append(levels[trial.suggest_int(column, 0, len(levels) - 1)])
            except ValueError:
                chosen.append(trial.suggest_categorical(column, levels))
        return tuple(chosen)

    def observe(self, x, rng):
        return self.rows[x][rng.integers(len(self.rows[x]))]

    def judge(self, x):
        return sum(self.rows[x]) / len(self.rows[x])


def run(job):
    about = job["problem"]
    problem = Function(about) if about["kind"] == "function" else Table(about)
    study = optuna.create_study(sampler=SAMPLERS[job["sampler"]](job["seed"]), direction="maximize" if problem.maximize else "minimize")
    rng = np.random.default_rng(job["seed"])
    seen, judged, curve = None, None, []
    for _ in range(job["trials"]):
        trial = study.ask()
        x = problem.ask(trial)
        value = problem.observe(x, rng)
        study.tell(trial, value)
        if seen is None or (value > seen if problem.maximize else value < seen):
            seen, judged = value, problem.judge(x)
        curve.append(judged)
    return curve


def milliseconds(job):
    names = [f"x{i}" for i in range(job["parameters"])]
    space = {name: optuna.distributions.FloatDistribution(-5, 10) for name in names}
    rng = np.random.default_rng(0)
    study = optuna.create_study(sampler=SAMPLERS[job["sampler"]](0))
    if job["sampler"] != "cmaes":
        for _ in range(job["trials"]):
            point = dict(zip(names, rng.uniform(-5, 10, len(names))))
            study.add_trial(optuna.trial.create_trial(params=point, distributions=space, value=sum(x * x for x in point.values())))
    started = None
    for i in range(job["inARow"] + (job["trials"] if job["sampler"] == "cmaes" else 1)):
        if i >= (job["trials"] if job["sampler"] == "cmaes" else 1) and started is None:
            started = time.perf_counter()
        trial = study.ask()
        study.tell(trial, sum(trial.suggest_float(name, -5, 10) ** 2 for name in names))
    return (time.perf_counter() - started) * 1e3 / job["inARow"]


def main():
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    missing = [] if importlib.util.find_spec("cmaes") else ["cmaes"]
    missing += [] if hasattr(optuna.samplers, "GPSampler") else ["gp"]
    print(json.dumps({"name": f"Optuna {optuna.__version__}", "samplers": [s for s in SAMPLERS if s not in missing]}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(milliseconds(job) if "inARow" in job else run(job)), flush=True)


if __name__ == "__main__":
    main()
