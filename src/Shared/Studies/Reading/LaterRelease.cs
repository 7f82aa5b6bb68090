namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Words of the study file that a later release will know: refused by name, so that nobody looks for a typing error.</summary>
internal static class LaterRelease
{
    public static readonly IReadOnlyDictionary<string, string> Keys = Say(
        ("objectives", "several objectives are not in this release: one objective is"),
        ("constraints", "constraints are not in this release"));

    public static readonly IReadOnlyDictionary<string, string> DataKeys = Say(
        ("images", "the images of an idx pair are the source; its labels are found beside them"),
        ("labels", "the labels of an idx pair are found beside its images, the source"),
        ("format", "there is no format to give: it is recognised by the file's first bytes"));

    public static readonly IReadOnlyDictionary<string, string> ObjectiveKeys = Say(
        ("run", "the command objective is not in this release: network and function are"));

    public static readonly IReadOnlyDictionary<string, string> ObjectiveKinds = Say(
        ("command", "the command objective is not in this release: network and function are"),
        ("external", "the external objective is not in this release: network and function are"));

    public static readonly IReadOnlyDictionary<string, string> Strategies = All(
        name => $"'{name}' is not in this release: grid and random are",
        "quasirandom", "bayesian", "metropolis", "tpe", "cmaes", "pbt", "auto");

    public static readonly IReadOnlyDictionary<string, string> Stoppers = All(
        name => $"'{name}' is not in this release: none is", "median", "asha", "hyperband");

    public static readonly IReadOnlyDictionary<string, string> Settings = All(
        name => $"'{name}' is not in this release",
        "widths", "dropout", "schedule", "warmup_epochs", "clip_norm", "clipping", "gradient_clipping", "normalization", "batch_normalization",
        "class_weights", "label_smoothing", "nesterov", "huber_delta", "l1", "min_learning_rate");

    /// <summary>Values of settings, by setting.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Choices = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["activation"] = ["leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "mish", "hard_swish"],
        ["loss"] = ["huber", "log_cosh", "binary_cross_entropy", "squared_hinge"],
        ["optimizer"] = ["nesterov", "rmsprop", "adamw", "nadam", "lion"],
    };

    private static Dictionary<string, string> Say(params (string Word, string Sentence)[] entries) =>
        entries.ToDictionary(e => e.Word, e => e.Sentence, StringComparer.Ordinal);

    private static Dictionary<string, string> All(Func<string, string> sentence, params string[] words) =>
        words.ToDictionary(w => w, sentence, StringComparer.Ordinal);
}
