"""Makes the golden training curves beside it: small trainings in PyTorch, in float64, that ours must follow. README.md has the format.

usage: make_curves.py         (with Debian's python3-torch; PyTorch 1.13 made the files that are kept)
"""
import json
import math
import pathlib
import warnings

import numpy as np
import torch
from torch.nn import functional

FOLDER = pathlib.Path(__file__).parent
ROWS, BATCH, STEPS = 24, 8, 30

# How near a kink (relu at 0, the sign in Lion, …) a training may come: float32 must fall on the same side of it as float64.
MARGIN = 2e-5


class Lcg:
    """Knuth's MMIX generator: x <- 6364136223846793005 x + 1442695040888963407 mod 2^64; a draw is its upper 53 bits over 2^53."""

    def __init__(self, seed):
        self.state = seed

    def draw(self):
        self.state = (6364136223846793005 * self.state + 1442695040888963407) % 2 ** 64
        return (self.state >> 11) / 2 ** 53

    def grid(self, shape, bound, steps):
        """Even draws from [-bound, bound], rounded to multiples of 1/steps: exact in float32, and short in a file."""
        draws = [round((2 * self.draw() - 1) * bound * steps) / steps for _ in range(math.prod(shape))]
        return torch.tensor(draws).reshape(shape)


# What each case starts from; a case names only what differs.
CLASSIFICATION = dict(sizes=[7, 9, 5, 3], activation="tanh", loss="cross_entropy")
BINARY = dict(sizes=[7, 9, 5, 1], activation="tanh", loss="binary_cross_entropy")
REGRESSION = dict(sizes=[5, 8, 2], activation="tanh", loss="mse")
MOMENTUM = dict(optimizer="momentum", learning_rate=0.05, momentum=0.9)

OPTIMIZERS = {
    "sgd": dict(learning_rate=0.1),
    "momentum": dict(learning_rate=0.05, momentum=0.9),
    "nesterov": dict(learning_rate=0.05, momentum=0.9),
    "rmsprop": dict(learning_rate=0.005, alpha=0.99, epsilon=1e-8),
    "adam": dict(learning_rate=0.02, beta1=0.9, beta2=0.999, epsilon=1e-8),
    "adamw": dict(learning_rate=0.02, beta1=0.9, beta2=0.999, epsilon=1e-8),
    "nadam": dict(learning_rate=0.02, beta1=0.9, beta2=0.999, epsilon=1e-8, momentum_decay=0.004),
    "lion": dict(learning_rate=0.005, beta1=0.9, beta2=0.99),
}
DECAY = 0.05

ACTIVATIONS = {
    "identity": (torch.nn.Identity, []),
    "sigmoid": (torch.nn.Sigmoid, []),
    "tanh": (torch.nn.Tanh, []),
    "relu": (torch.nn.ReLU, [0]),
    "leaky_relu": (lambda: torch.nn.LeakyReLU(0.01), [0]),
    "elu": (torch.nn.ELU, []),
    "selu": (torch.nn.SELU, [0]),
    "gelu": (torch.nn.GELU, []),
    "gelu_tanh": (lambda: torch.nn.GELU(approximate="tanh"), []),
    "silu": (torch.nn.SiLU, []),
    "softplus": (torch.nn.Softplus, []),
    "mish": (torch.nn.Mish, []),
    "hard_swish": (torch.nn.Hardswish, [-3, 3]),
}


def log_cosh(outputs, targets):
    error = outputs - targets
    return (error + functional.softplus(-2 * error) - math.log(2)).mean()


def loss_of(settings):
    """The loss, and where the error (output less target) has a kink."""
    name = settings["loss"]
    if name == "cross_entropy":
        weights = settings.get("class_weights")
        options = dict(label_smoothing=settings.get("label_smoothing", 0.0), weight=None if weights is None else torch.tensor(weights))
        return lambda outputs, labels: functional.cross_entropy(outputs, labels, **options), []
    if name == "binary_cross_entropy":
        return lambda outputs, labels: functional.binary_cross_entropy_with_logits(outputs[:, 0], labels.double()), []
    if name == "mse_of_classes":
        classes = settings["sizes"][-1]
        return lambda outputs, labels: functional.mse_loss(outputs, functional.one_hot(labels, classes).double()), []
    if name == "huber":
        return lambda outputs, targets: functional.huber_loss(outputs, targets, delta=settings["delta"]), []
    return {"mse": (functional.mse_loss, []), "mae": (functional.l1_loss, [0]), "log_cosh": (log_cosh, [])}[name]


class ByHand:
    """An optimizer written out in numpy on PyTorch's gradients. move() takes a parameter's values, its gradient, its own state, the
    rate and the decay, and changes values and state in place."""

    def __init__(self, groups, lr, betas):
        self.param_groups = [dict(group, lr=lr) for group in groups]
        self.betas = betas
        self.states = {}

    def zero_grad(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.states.setdefault(parameter, {})
                self.move(parameter.detach().numpy(), parameter.grad.numpy(), state, group["lr"], group["weight_decay"])


class Lion(ByHand):
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2: PyTorch has none.

    c = beta1 m + (1 - beta1) g;  p <- p - rate (sign(c) + decay p);  m <- beta2 m + (1 - beta2) g.
    """

    def move(self, values, gradient, state, rate, decay):
        beta1, beta2 = self.betas
        moment = state.get("moment", np.zeros_like(gradient))
        direction = beta1 * moment + (1 - beta1) * gradient
        check_margin("Lion's sign", direction, [0], scale=np.abs(gradient).max())
        values -= rate * (np.sign(direction) + decay * values)
        state["moment"] = beta2 * moment + (1 - beta2) * gradient


class NAdam(ByHand):
    """Dozat 2016, as PyTorch documents it: PyTorch 1.13 computes something else, it has mu_t twice in the product up to t + 1.

    mu_t = beta1 (1 - 0.96^(t psi) / 2), psi the momentum decay; m and s as in Adam.
    """

    def __init__(self, groups, lr, betas, eps, momentum_decay):
        super().__init__(groups, lr, betas)
        self.epsilon = eps
        self.mu = lambda t: betas[0] * (1 - 0.96 ** (t * momentum_decay) / 2)

    def move(self, values, gradient, state, rate, decay):
        beta1, beta2 = self.betas
        if not state:
            state.update(t=0, product=1.0, first=np.zeros_like(gradient), second=np.zeros_like(gradient))
        gradient = gradient + decay * values
        state["t"] += 1
        t = state["t"]
        state["product"] *= self.mu(t)
        state["first"] = beta1 * state["first"] + (1 - beta1) * gradient
        state["second"] = beta2 * state["second"] + (1 - beta2) * gradient ** 2
        ahead = state["first"] * self.mu(t + 1) / (1 - state["product"] * self.mu(t + 1))
        now = gradient * (1 - self.mu(t)) / (1 - state["product"])
        values -= rate * (now + ahead) / (np.sqrt(state["second"] / (1 - beta2 ** t)) + self.epsilon)


def optimizer_of(settings, network):
    """Decay is for the weights of linear layers only, as in ours; biases and the parameters of normalizations are left alone."""
    decay = settings.get("weight_decay", 0.0)
    weights = [layer.weight for layer in network if isinstance(layer, torch.nn.Linear)]
    others = [parameter for parameter in network.parameters() if all(parameter is not weight for weight in weights)]
    groups = [dict(params=weights, weight_decay=decay), dict(params=others, weight_decay=0.0)]
    name, rate = settings["optimizer"], settings["learning_rate"]
    betas = settings.get("beta1"), settings.get("beta2")
    if name == "sgd":
        return torch.optim.SGD(groups, lr=rate)
    if name in ("momentum", "nesterov"):
        return torch.optim.SGD(groups, lr=rate, momentum=settings["momentum"], nesterov=name == "nesterov")
    if name == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate, alpha=settings["alpha"], eps=settings["epsilon"])
    if name == "adam":
        return torch.optim.Adam(groups, lr=rate, betas=betas, eps=settings["epsilon"])
    if name == "adamw":
        return torch.optim.AdamW(groups, lr=rate, betas=betas, eps=settings["epsilon"])
    if name == "nadam":
        return NAdam(groups, lr=rate, betas=betas, eps=settings["epsilon"], momentum_decay=settings["momentum_decay"])
    return Lion(groups, rate, betas)


def check_margin(what, values, kinks, scale=1.0):
    """Refuses a case in which float32 could take another branch; another seed helps."""
    for kink in kinks:
        nearest = float(np.abs(np.asarray(values) - kink).min())
        if nearest < MARGIN * scale:
            raise SystemExit(f"{what} comes within {nearest:.2g} of its kink at {kink}.")


def network_of(settings, lcg):
    sizes = settings["sizes"]
    activation, kinks = ACTIVATIONS[settings["activation"]]
    layers = []
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        linear = torch.nn.Linear(inputs, outputs)
        with torch.no_grad():
            linear.weight.copy_(lcg.grid((inputs, outputs), math.sqrt(6 / (inputs + outputs)), 256).T)
            linear.bias.copy_(lcg.grid((outputs,), 0.25, 256))
        layers.append(linear)
        if layer < len(sizes) - 2:
            if settings.get("normalization") == "layer":
                layers.append(torch.nn.LayerNorm(outputs))
            elif settings.get("normalization") == "batch":
                layers.append(torch.nn.BatchNorm1d(outputs))
            layers.append(activation())
            layers[-1].register_forward_hook(
                lambda _, given, __: check_margin(settings["activation"], given[0].detach().numpy(), kinks))
    return torch.nn.Sequential(*layers)


def data_of(settings, lcg):
    """Features on a grid, and something to learn from them."""
    x = lcg.grid((ROWS, settings["sizes"][0]), 2, 64)
    if settings["loss"] in ("cross_entropy", "mse_of_classes"):
        return x, (x @ lcg.grid((x.shape[1], settings["sizes"][-1]), 1, 64)).argmax(dim=1)
    if settings["loss"] == "binary_cross_entropy":
        return x, (x[:, 0] + x[:, 1] * x[:, 2] > 0).long()
    y = torch.stack([torch.sin(x[:, 0]) + x[:, 1] * x[:, 2] / 2, x[:, 3] - x[:, 4] ** 2 / 2], dim=1)
    return x, (y * 64).round() / 64


def parameters_of(network):
    """Layer by layer as in ours: weights [inputs][outputs]."""
    layers = []
    for module in network:
        if isinstance(module, torch.nn.Linear):
            layers.append(dict(weights=module.weight.T.tolist(), biases=module.bias.tolist()))
        elif isinstance(module, (torch.nn.LayerNorm, torch.nn.BatchNorm1d)):
            layers[-1].update(gain=module.weight.tolist(), shift=module.bias.tolist())
            if isinstance(module, torch.nn.BatchNorm1d):
                layers[-1].update(running_mean=module.running_mean.tolist(), running_variance=module.running_var.tolist())
    return layers


def train(name, settings, seed=1):
    lcg = Lcg(seed)
    network = network_of(settings, lcg)
    x, y = data_of(settings, lcg)
    loss_function, kinks = loss_of(settings)
    optimizer = optimizer_of(settings, network)
    scheduler = scheduler_of(settings["schedule"], optimizer) if "schedule" in settings else None
    initial = parameters_of(network)

    losses, norms = [], []
    for step in range(STEPS):
        rows = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        optimizer.zero_grad()
        outputs = network(x[rows])
        if kinks:
            check_margin(settings["loss"], (outputs - y[rows]).detach().numpy(), kinks)
        loss = loss_function(outputs, y[rows])
        loss.backward()
        norms.append(math.sqrt(sum(float((parameter.grad ** 2).sum()) for parameter in network.parameters())))
        if "clip_norm" in settings:
            torch.nn.utils.clip_grad_norm_(network.parameters(), settings["clip_norm"])
        if "clip_value" in settings:
            torch.nn.utils.clip_grad_value_(network.parameters(), settings["clip_value"])
        optimizer.step()
        losses.append(loss.item())
        if scheduler is not None and (step + 1) % (ROWS // BATCH if settings["schedule"]["per"] == "epoch" else 1) == 0:
            scheduler.step()
    if "clip_norm" in settings and not min(norms) < settings["clip_norm"] < max(norms):
        raise SystemExit(f"{name}: gradients of norm {min(norms):.3f} to {max(norms):.3f} do not try the bound.")

    network.eval()
    evaluation = loss_function(network(x), y).item()
    return dict(
        name=name, settings=dict(settings, batch_size=BATCH, steps=STEPS), features=x.tolist(), targets=y.tolist(), initial=initial,
        losses=losses, evaluation_loss=evaluation, final=parameters_of(network))


def scheduler_of(schedule, optimizer):
    name = schedule["name"]
    lr = torch.optim.lr_scheduler
    if name == "step":
        return lr.StepLR(optimizer, schedule["every"], schedule["factor"])
    if name == "exponential":
        return lr.ExponentialLR(optimizer, schedule["factor"])
    if name == "cosine":
        return lr.CosineAnnealingLR(optimizer, schedule["length"], schedule["least"])
    if name == "one_cycle":
        return lr.OneCycleLR(
            optimizer, max_lr=schedule["greatest"], total_steps=schedule["length"], pct_start=schedule["rise"], anneal_strategy="cos",
            cycle_momentum=False, div_factor=schedule["start_divisor"], final_div_factor=schedule["end_divisor"], three_phase=False)
    if name == "warmup":
        return lr.LinearLR(optimizer, 1 / schedule["length"], 1, schedule["length"] - 1)
    if name == "warmup_cosine":
        warmup, length = schedule["warmup"], schedule["length"]
        return lr.SequentialLR(
            optimizer,
            [lr.LinearLR(optimizer, 1 / warmup, 1, warmup - 1), lr.CosineAnnealingLR(optimizer, length - warmup, schedule["least"])],
            [warmup])
    return lr.ReduceLROnPlateau(
        optimizer, factor=schedule["factor"], patience=schedule["patience"], threshold=schedule["threshold"], threshold_mode="rel",
        cooldown=schedule["cooldown"], min_lr=schedule["least"], eps=0)


def rates(name, rate, schedule, count, metrics=None):
    """The learning rate of each of count steps."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = scheduler_of(schedule, optimizer)
    sequence = []
    for step in range(count):
        sequence.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if metrics is None:
            scheduler.step() if step < count - 1 else None
        else:
            scheduler.step(metrics[step])
    case = dict(name=name, learning_rate=rate, schedule=schedule, rates=sequence)
    return case if metrics is None else dict(case, metrics=metrics)


def optimizers():
    for name, settings in OPTIMIZERS.items():
        yield train(name, dict(CLASSIFICATION, optimizer=name, **settings))
        yield train(f"{name}, weight decay", dict(CLASSIFICATION, optimizer=name, **settings, weight_decay=DECAY))
    yield train("momentum, regression", dict(REGRESSION, **MOMENTUM))
    yield train("momentum, step schedule by epochs", dict(
        CLASSIFICATION, **MOMENTUM, schedule=dict(name="step", per="epoch", every=3, factor=0.5)))
    yield train("adam, one-cycle schedule by steps", dict(
        CLASSIFICATION, optimizer="adam", **OPTIMIZERS["adam"],
        schedule=dict(name="one_cycle", per="step", greatest=0.05, length=STEPS, rise=0.3, start_divisor=25, end_divisor=1e4)))


def losses():
    yield train("cross_entropy, label smoothing", dict(CLASSIFICATION, **MOMENTUM, label_smoothing=0.1))
    yield train("cross_entropy, class weights", dict(CLASSIFICATION, **MOMENTUM, class_weights=[0.5, 1.0, 2.5]))
    yield train("mse_of_classes", dict(CLASSIFICATION, **MOMENTUM, loss="mse_of_classes"))
    yield train("binary_cross_entropy", dict(BINARY, **MOMENTUM))
    yield train("mse", dict(REGRESSION, **MOMENTUM))
    yield train("mae", dict(REGRESSION, **MOMENTUM, loss="mae"), seed=2)
    yield train("huber", dict(REGRESSION, **MOMENTUM, loss="huber", delta=1.0))
    yield train("huber, delta 0.3", dict(REGRESSION, **MOMENTUM, loss="huber", delta=0.3))
    yield train("log_cosh", dict(REGRESSION, **MOMENTUM, loss="log_cosh"))


def activations():
    # Another than 1 where that one comes too near a kink.
    seeds = {"selu": 2}
    for name in ACTIVATIONS:
        yield train(name, dict(CLASSIFICATION, **MOMENTUM, activation=name), seeds.get(name, 1))


def layers():
    for name in ("layer", "batch"):
        yield train(f"{name} normalization", dict(CLASSIFICATION, **MOMENTUM, normalization=name))
        # Not with Adam: the gradient of a bias before batch normalization is rounding alone, and Adam takes full steps along it.
        yield train(f"{name} normalization, weight decay", dict(CLASSIFICATION, **MOMENTUM, normalization=name, weight_decay=DECAY))
    yield train("clip by norm", dict(CLASSIFICATION, **MOMENTUM, clip_norm=0.5))
    yield train("clip by value", dict(CLASSIFICATION, **MOMENTUM, clip_value=0.05))


def schedules():
    yield rates("step", 0.1, dict(name="step", every=10, factor=0.5), 40)
    yield rates("exponential", 0.1, dict(name="exponential", factor=0.95), 40)
    yield rates("cosine", 0.1, dict(name="cosine", length=40, least=0.0), 41)
    yield rates("cosine to a floor", 0.1, dict(name="cosine", length=40, least=0.01), 41)
    one_cycle = dict(name="one_cycle", greatest=0.1, length=40, start_divisor=25, end_divisor=1e4)
    yield rates("one_cycle", 0.1, dict(one_cycle, rise=0.3), 40)
    yield rates("one_cycle, early peak", 0.1, dict(one_cycle, rise=0.1), 40)
    yield rates("warmup", 0.1, dict(name="warmup", length=8), 12)
    yield rates("warmup, then cosine", 0.1, dict(name="warmup_cosine", warmup=5, length=40, least=0.0), 40)
    plateau = dict(name="reduce_on_plateau", factor=0.5, patience=3, threshold=1e-4, cooldown=0, least=0.0)
    lcg = Lcg(5)
    metrics = [round(1 / (1 + min(step, 9)) + 0.02 * lcg.draw(), 4) for step in range(40)]
    yield rates("reduce_on_plateau", 0.1, plateau, 40, metrics)
    yield rates("reduce_on_plateau, cooldown and floor", 0.1, dict(plateau, patience=1, cooldown=2, least=0.02), 40, metrics)


def shorten(value):
    """Numbers to twelve digits, whole ones without a fraction."""
    if isinstance(value, dict):
        return {name: shorten(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shorten(part) for part in value]
    if isinstance(value, float):
        short = float(f"{value:.12g}")
        return int(short) if short.is_integer() else short
    return value


def write(name, cases):
    """A field a line: a change shows where it is."""
    texts = []
    for case in cases:
        fields = [f"    {json.dumps(field)}: {json.dumps(shorten(value), separators=(',', ':'))}" for field, value in case.items()]
        texts.append("  {\n" + ",\n".join(fields) + "\n  }")
    (FOLDER / name).write_text("[\n" + ",\n".join(texts) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    # PyTorch's own SequentialLR calls its parts in a way PyTorch warns of.
    warnings.filterwarnings("ignore", "The epoch parameter in `scheduler.step")
    write("optimizers.json", optimizers())
    write("losses.json", losses())
    write("activations.json", activations())
    write("layers.json", layers())
    write("schedules.json", schedules())
