namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Words of the study file that a later release will know, or that stand under another name: refused by name, so that nobody looks for a typing error.</summary>
internal static class LaterRelease
{
    public static readonly IReadOnlyDictionary<string, string> DataKeys = Say(
        ("images", "the images of an idx pair are the source; its labels are found beside them"),
        ("labels", "the labels of an idx pair are found beside its images, the source"),
        ("format", "there is no format to give: it is recognised by the file's first bytes"));

    public static readonly IReadOnlyDictionary<string, string> ObjectiveKeys = Say(
        ("run", "the command objective is not in this release: network, function and external are"));

    public static readonly IReadOnlyDictionary<string, string> ObjectiveKinds = Say(
        ("command", "the command objective is not in this release: network, function and external are"));

    /// <summary>What other programs call a setting that has another name here.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = Say(
        ("nesterov", "nesterov is an optimizer here: write optimizer: nesterov"),
        ("batch_normalization", "write normalization: batch"),
        ("batch_norm", "write normalization: batch"),
        ("layer_norm", "write normalization: layer"),
        ("gradient_clipping", "write clip_norm or clip_value"),
        ("clipping", "write clip_norm or clip_value"),
        ("min_learning_rate", "write schedule_floor, a share of learning_rate"),
        ("l2", "write weight_decay"));

    private static Dictionary<string, string> Say(params (string Word, string Sentence)[] entries) =>
        entries.ToDictionary(e => e.Word, e => e.Sentence, StringComparer.Ordinal);
}
