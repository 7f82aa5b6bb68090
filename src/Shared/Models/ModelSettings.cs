using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Models;

/// <summary>One setting of the network: what <c>model:</c> may fix and <c>parameters:</c> may search.</summary>
/// <param name="Name">As in the study file.</param>
/// <param name="Kind">Float settings also take integers.</param>
/// <param name="Low">Least allowed number.</param>
/// <param name="LowOpen">Whether <paramref name="Low"/> itself is excluded.</param>
/// <param name="High">Greatest allowed number.</param>
/// <param name="Choices">Allowed texts, for text settings.</param>
/// <param name="Default">Used when neither fixed nor searched; null when it depends on others (said in <paramref name="Meaning"/>).</param>
/// <param name="Meaning">One sentence for docs, schema and <c>init</c>.</param>
public sealed record ModelSetting(
    string Name, ParameterValueKind Kind, double Low, bool LowOpen, double High, IReadOnlyList<string> Choices, ParameterValue? Default, string Meaning)
{
    /// <summary>Why <paramref name="value"/> is not allowed; null when it is.</summary>
    public string? Refuse(ParameterValue value)
    {
        if (Kind == ParameterValueKind.Text)
        {
            return value.Kind == ParameterValueKind.Text && Choices.Contains(value.AsText())
                ? null
                : $"'{value}' is not one of {string.Join(", ", Choices)}";
        }

        if (!value.IsNumber || (Kind == ParameterValueKind.Int && value.Kind != ParameterValueKind.Int))
        {
            return $"'{value}' is not {(Kind == ParameterValueKind.Int ? "a whole number" : "a number")}";
        }

        var number = value.AsDouble();
        var inRange = (LowOpen ? number > Low : number >= Low) && number <= High;
        return inRange ? null : $"{value} is outside {(LowOpen ? "(" : "[")}{Low:R}, {(double.IsPositiveInfinity(High) ? "∞)" : $"{High:R}]")}";
    }
}

/// <summary>Every setting of the network, by name. The one table behind validation, schema, docs and the trainer.</summary>
public static class ModelSettings
{
    public static readonly IReadOnlyList<ModelSetting> All =
    [
        Int("layers", 0, 64, 2, "Number of hidden layers."),
        Int("width", 1, 65536, 64, "Neurons in each hidden layer."),
        Text("activation", ["sigmoid", "tanh", "relu", "identity"], "relu", "Activation of the hidden layers."),
        Text("loss", ["mse", "mae", "cross_entropy", "hinge"], null, "Loss; default cross_entropy for classification, mse for regression."),
        Text("optimizer", ["sgd", "momentum", "adam"], "adam", "Optimizer; 'momentum' is sgd whose momentum defaults to 0.9."),
        Float("learning_rate", 0, true, double.PositiveInfinity, 0.01, "Step size of the optimizer."),
        Float("momentum", 0, false, 1, null, "Momentum of sgd (default 0) and momentum (default 0.9)."),
        Float("beta1", 0, false, 0.999999, 0.9, "Adam's decay of the first moment."),
        Float("beta2", 0, false, 0.9999999, 0.999, "Adam's decay of the second moment."),
        Float("epsilon", 0, true, 1, 1e-8, "Adam's term against division by zero."),
        Text("initializer", ["auto", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal"], "auto", "Weights at the start; auto is He for relu, else Glorot."),
        Int("batch_size", 1, 1 << 24, 32, "Rows in one mini-batch."),
        Int("epochs", 1, 1_000_000, 20, "Passes over the training part."),
        Float("weight_decay", 0, false, double.PositiveInfinity, 0, "L2 penalty added to the gradient of the weights (not of the biases)."),
        Int("early_stopping", 0, 1_000_000, 0, "Ends a trial after so many epochs without a better validation loss and restores the best weights; 0 is off."),
    ];

    private static readonly Dictionary<string, ModelSetting> ByName = All.ToDictionary(s => s.Name, StringComparer.Ordinal);

    public static ModelSetting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The value in force for a trial: searched, else fixed, else the default, else null.</summary>
    public static ParameterValue? Resolve(string name, StudySpec spec, TrialParameters parameters) =>
        parameters.TryGetValue(name, out var searched) ? searched
        : spec.Model.TryGetValue(name, out var fixedValue) ? fixedValue
        : ByName[name].Default;

    private static ModelSetting Int(string name, long low, long high, long? @default, string meaning) =>
        new(name, ParameterValueKind.Int, low, false, high, [], @default is { } value ? ParameterValue.Int(value) : null, meaning);

    private static ModelSetting Float(string name, double low, bool lowOpen, double high, double? @default, string meaning) =>
        new(name, ParameterValueKind.Float, low, lowOpen, high, [], @default is { } value ? ParameterValue.Float(value) : null, meaning);

    private static ModelSetting Text(string name, string[] choices, string? @default, string meaning) =>
        new(name, ParameterValueKind.Text, 0, false, 0, choices, @default is null ? null : ParameterValue.Text(@default), meaning);
}
