"""Optuna's pruners as the suite `earlystop` asks them.

Writes its name and version, then answers every line {"pruner", "seed", "budget", "curves"}, curves in the order of the trials and null from where one
diverged, with a list: how many steps each trial trained until the budget of steps was spent.
"""
import json
import sys
import warnings

import optuna

PRUNERS = {
    "asha": lambda steps: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3),
    "hyperband": lambda steps: optuna.pruners.HyperbandPruner(min_resource=1, max_resource=steps, reduction_factor=3),
    "median": lambda steps: optuna.pruners.MedianPruner(),
}


def train(study, curve):
    trial = study.ask()
    for step, value in enumerate(curve, start=1):
        if value is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            return step
        trial.report(value, step)
        if step < len(curve) and trial.should_prune():
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return step
    study.tell(trial, curve[-1])
    return len(curve)


def run(question):
    # Hyperband draws brackets by the name of the study.
    pruner = PRUNERS[question["pruner"]](len(question["curves"][0]))
    study = optuna.create_study(study_name=f"seed {question['seed']}", pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=question["seed"]))
    trained = []
    for curve in question["curves"]:
        if sum(trained) >= question["budget"]:
            break
        trained.append(train(study, curve))
    return trained


def main():
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print(f"Optuna {optuna.__version__}", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
