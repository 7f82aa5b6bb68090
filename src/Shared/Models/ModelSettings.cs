using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Models;

/// <summary>Every setting of the network, by name. The one table behind validation, schema, docs and the trainer.</summary>
public static class ModelSettings
{
    public static readonly IReadOnlyList<Setting> All =
    [
        Setting.Int("layers", 0, 64, 2, "Number of hidden layers.") with { FixesNetwork = true },
        Setting.Int("width", 1, 65536, 64, "Neurons in each hidden layer; with shape funnel, in the first.") with { FixesNetwork = true },
        Setting.Text("shape", ["constant", "funnel"], "constant", "Widths of the hidden layers: all the same, or halved from each to the next, never below the outputs.") with { FixesNetwork = true },
        new("widths", ParameterValueKind.Text, 0, false, 0, [], null, "Neurons of each hidden layer, e.g. [256, 64] or 256-64; instead of layers, width and shape.") { IsList = true, FixesNetwork = true },
        Setting.Text("activation", Activations, "relu", "Activation of the hidden layers.") with { FixesNetwork = true },
        Setting.Text("normalization", ["none", "layer", "batch"], "none", "Normalization of each hidden layer before its activation.") with { FixesNetwork = true },
        Setting.Float("dropout", 0, false, 0.99, 0, "Share of the hidden neurons left out of a training step, each drawn anew."),
        Setting.Bool("residual", false, "Adds a hidden layer's input to its output where both have the same width.") with { FixesNetwork = true },
        Setting.Int("embedding_dim", 0, 1024, 0, "Numbers that stand for a category of an embedded column; 0 takes about 1.6 · categories^0.56, at most 50.") with { FixesNetwork = true },
        Setting.Text("initializer", ["auto", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "orthogonal"], "auto", "Weights at the start; auto is He for the relu family, LeCun (normal) for selu, else Glorot.") with { FixesNetwork = true },
        Setting.Text("loss", Losses, null, "Loss; default cross_entropy for classification, mse for regression.") with { FixesNetwork = true },
        Setting.Float("huber_delta", 0, true, double.PositiveInfinity, 1, "Difference, in deviations of the target, from which the huber loss is linear."),
        Setting.Float("label_smoothing", 0, false, 0.99, 0, "Share of each label that cross_entropy and binary_cross_entropy spread over all classes."),
        Setting.Text("class_weights", ["none", "balanced"], "none", "Weight of a row in the loss: balanced is rows ÷ (classes · rows of its class), for losses of classes."),
        Setting.Text("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "nadam", "lion"], "adam", "Optimizer; 'momentum' is sgd whose momentum defaults to 0.9.") with { FixesNetwork = true },
        Setting.Float("learning_rate", 0, true, double.PositiveInfinity, 0.01, "Step size of the optimizer; with one_cycle the highest."),
        Setting.Float("momentum", 0, false, 1, null, "Momentum of sgd and rmsprop (default 0), momentum and nesterov (default 0.9)."),
        Setting.Float("beta1", 0, false, 0.999999, 0.9, "Decay of the first moment in adam, adamw and nadam; lion's share of the old direction in a step."),
        Setting.Float("beta2", 0, false, 0.9999999, null, "Decay of the second moment in adam, adamw and nadam (default 0.999); of the direction in lion (default 0.99)."),
        Setting.Float("rms_decay", 0, false, 0.9999999, 0.99, "Decay of rmsprop's mean square."),
        Setting.Float("epsilon", 0, true, 1, 1e-8, "Term of rmsprop and the adam family against division by zero."),
        Setting.Float("weight_decay", 0, false, double.PositiveInfinity, null, "Pulls the weights (not the biases) to zero: an L2 penalty in the gradient; in adamw (default 0.01) and lion decoupled from it. Default 0."),
        Setting.Float("l1", 0, false, double.PositiveInfinity, 0, "L1 penalty on the weights, added to the gradient as l1 · sign(w)."),
        Setting.Float("max_norm", 0, false, double.PositiveInfinity, 0, "Longest vector of weights into one neuron; longer ones are scaled back after each step. 0 is off."),
        Setting.Float("clip_norm", 0, false, double.PositiveInfinity, 0, "Longest gradient of all parameters together; a longer one is scaled back. 0 is off."),
        Setting.Float("clip_value", 0, false, double.PositiveInfinity, 0, "Largest magnitude of each component of the gradient. 0 is off."),
        Setting.Text("schedule", ["constant", "step", "exponential", "cosine", "one_cycle", "reduce_on_plateau"], "constant", "How the learning rate changes over the epochs."),
        Setting.Float("schedule_factor", 0, true, 1, null, "What the learning rate is multiplied by: every schedule_epochs in step (default 0.1), every epoch in exponential (default 0.95), at a plateau in reduce_on_plateau (default 0.1)."),
        Setting.Int("schedule_epochs", 1, 1_000_000, null, "Epochs between two drops of step (default a third of the epochs, at least 1)."),
        Setting.Int("schedule_patience", 0, 1_000_000, 10, "Epochs without a better validation loss that reduce_on_plateau bears."),
        Setting.Float("schedule_floor", 0, false, 1, 0, "Least share of learning_rate that cosine and reduce_on_plateau go down to."),
        Setting.Int("warmup_epochs", 0, 1_000_000, 0, "Epochs over which the learning rate rises in a straight line, mini-batch by mini-batch; with any schedule."),
        Setting.Int("batch_size", 1, 1 << 24, 32, "Rows in one mini-batch."),
        Setting.Int("epochs", 1, 1_000_000, 20, "Passes over the training part."),
        Setting.Int("early_stopping", 0, 1_000_000, 0, "Ends a trial after so many epochs without a better validation loss and restores the best weights; 0 is off."),
    ];

    private static readonly Dictionary<string, Setting> ByName = All.ToDictionary(s => s.Name, StringComparer.Ordinal);

    private static string[] Activations =>
    [
        "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "gelu_tanh", "silu", "softplus", "mish", "hard_swish", "identity",
    ];

    private static string[] Losses =>
    [
        "mse", "mae", "huber", "log_cosh", "cross_entropy", "binary_cross_entropy", "hinge", "squared_hinge",
    ];

    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The value in force for a trial: searched, else fixed, else what the file says of trials without it, else the default, else null.</summary>
    public static ParameterValue? Resolve(string name, StudySpec spec, TrialParameters parameters) =>
        parameters.TryGetValue(name, out var searched) ? searched
        : spec.Model.TryGetValue(name, out var fixedValue) ? fixedValue
        : spec.Space.Find(name)?.Default ?? ByName[name].Default;
}
