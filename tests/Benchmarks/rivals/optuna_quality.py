"""Optuna's samplers as the suite `quality` asks them: the objective is the benchmark's, only suggestions are made here.

Writes {"name": ..., "samplers": [...]}, then reads a line of JSON at a time: {"sampler", "seed", "maximize", "noisy", "parameters"} begins a
study, {"ask": number} is answered with the parameters of that trial, {"tell": number, "value"} tells what came out, null for no value.
"""
import importlib.util
import json
import sys
import warnings

import optuna

SAMPLERS = {
    "random": lambda seed, noisy: optuna.samplers.RandomSampler(seed=seed),
    "tpe": lambda seed, noisy: optuna.samplers.TPESampler(seed=seed),
    "tpe_multivariate": lambda seed, noisy: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "tpe_liar": lambda seed, noisy: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True, constant_liar=True),
    "cmaes": lambda seed, noisy: optuna.samplers.CmaEsSampler(seed=seed),
    "gp": lambda seed, noisy: optuna.samplers.GPSampler(seed=seed, deterministic_objective=not noisy),
}


def available():
    missing = {"cmaes"} if importlib.util.find_spec("cmaes") is None else set()
    # Its GP is written in torch.
    if not hasattr(optuna.samplers, "GPSampler") or importlib.util.find_spec("torch") is None:
        missing.add("gp")
    return [name for name in SAMPLERS if name not in missing]


def suggest(trial, parameters):
    values = {}
    for parameter in parameters:
        if not all(condition["parameter"] in values and str(values[condition["parameter"]]) in condition["values"] for condition in parameter["when"]):
            continue
        name, kind = parameter["name"], parameter["kind"]
        if kind == "categorical":
            values[name] = trial.suggest_categorical(name, parameter["choices"])
        elif kind == "int":
            values[name] = trial.suggest_int(name, parameter["low"], parameter["high"], step=parameter["step"], log=parameter["log"])
        else:
            values[name] = trial.suggest_float(name, parameter["low"], parameter["high"], step=parameter["step"], log=parameter["log"])
    return values


def main():
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print(json.dumps({"name": f"Optuna {optuna.__version__}", "samplers": available()}), flush=True)
    study, parameters, open_trials = None, [], {}
    for line in sys.stdin:
        message = json.loads(line)
        if "ask" in message:
            trial = open_trials[message["ask"]] = study.ask()
            print(json.dumps(suggest(trial, parameters)), flush=True)
        elif "tell" in message:
            trial, value = open_trials.pop(message["tell"]), message["value"]
            if value is None:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(trial, value)
        else:
            parameters, open_trials = message["parameters"], {}
            sampler = SAMPLERS[message["sampler"]](message["seed"], message["noisy"])
            study = optuna.create_study(sampler=sampler, direction="maximize" if message["maximize"] else "minimize")


if __name__ == "__main__":
    main()
