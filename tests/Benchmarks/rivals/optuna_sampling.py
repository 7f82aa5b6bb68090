"""Milliseconds an ask+tell of one of Optuna's samplers, ten floats, in memory: the mean of some in a row after so many finished trials.

usage: optuna_sampling.py SAMPLER; then the conversation of contest.py.
"""
import importlib.util
import json
import random
import sys
import time
import warnings

import optuna
from optuna.distributions import FloatDistribution
from optuna.trial import create_trial

SEED = 1
SPACE = {f"x{i}": FloatDistribution(0, 1) if i < 5 else FloatDistribution(1e-3, 1, log=True) for i in range(10)}
SAMPLERS = {
    "random": lambda: optuna.samplers.RandomSampler(seed=SEED),
    # As ours: parameters together. It is the faster of its two kinds, and the default of later versions.
    "tpe": lambda: optuna.samplers.TPESampler(seed=SEED, multivariate=True),
    "cmaes": lambda: optuna.samplers.CmaEsSampler(seed=SEED),
    "gp": lambda: optuna.samplers.GPSampler(seed=SEED),
}
NEEDS = {"cmaes": ["cmaes"], "gp": ["torch"]}


def value(parameters):
    return sum((x - 0.3) ** 2 for x in parameters.values())


def draw(rng):
    return {name: 10 ** rng.uniform(-3, 0) if about.log else rng.random() for name, about in SPACE.items()}


def ask_and_tell(study):
    trial = study.ask()
    parameters = {name: trial.suggest_float(name, about.low, about.high, log=about.log) for name, about in SPACE.items()}
    study.tell(trial, value(parameters))


def measure(sampler, question):
    study = optuna.create_study(sampler=SAMPLERS[sampler]())
    if not question["isOwnHistory"]:
        rng = random.Random(SEED)
        drawn = [draw(rng) for _ in range(question["trials"])]
        study.add_trials([create_trial(params=parameters, distributions=SPACE, value=value(parameters)) for parameters in drawn])
    while len(study.get_trials(deepcopy=False)) <= question["trials"]:
        ask_and_tell(study)
    started = time.perf_counter()
    for _ in range(question["inARow"]):
        ask_and_tell(study)
    return 1e3 * (time.perf_counter() - started) / question["inARow"]


def main(sampler):
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    name = f"Optuna {optuna.__version__} {sampler}"
    lacks = [module for module in NEEDS.get(sampler, []) if importlib.util.find_spec(module) is None]
    if lacks or (sampler == "gp" and not hasattr(optuna.samplers, "GPSampler")):
        print(f"missing {name}", flush=True)
        return
    print(f"ready {name}", flush=True)
    for line in sys.stdin:
        print(repr(measure(sampler, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
