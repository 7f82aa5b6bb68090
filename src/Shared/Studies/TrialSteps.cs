using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies;

/// <summary>How many steps a trial has: the epochs of a network; of an external trial what the rule that stops it is told.</summary>
public static class TrialSteps
{
    private const string Epochs = "epochs";

    /// <summary>The steps of the longest trial of a study; null when its trials report none.</summary>
    public static int? Most(StudySpec spec) => spec.Objective.Kind == ObjectiveKind.External && spec.Stopping.Settings.TryGetValue("max", out var max) ? (int)max.AsInt()
        : spec.Objective.Kind != ObjectiveKind.Network ? null
        : spec.Space.Parameters.FirstOrDefault(p => p.Name == Epochs) is { } searched ? (int)Greatest(searched)
        : (int)ModelSettings.Resolve(Epochs, spec, TrialParameters.Empty)!.Value.AsInt();

    private static long Greatest(Parameter parameter) => parameter switch
    {
        IntParameter i => i.High,
        CategoricalParameter c => c.Choices.Max(choice => choice.AsInt()),
        _ => throw new InvalidOperationException($"'{parameter.Name}' counts epochs and is no whole number: the study was not validated."),
    };
}
