using System.Globalization;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies.Reading;

namespace TuningCluster.Shared.Studies;

/// <summary>Losses, fixed or searched, that do not go with the number of classes.</summary>
internal static class LossFaults
{
    /// <param name="width">Number of classes, or of targets.</param>
    public static IReadOnlyList<SpecError> Of(StudySpec spec, int width)
    {
        if (spec.Data?.Task != LearningTask.Classification || width == 2)
        {
            return [];
        }

        var faults = new List<SpecError>();
        if (spec.Model.TryGetValue("loss", out var given))
        {
            Check("model.loss", given);
        }

        if (spec.Space.Parameters.FirstOrDefault(p => p.Name == "loss") is CategoricalParameter searched)
        {
            for (var i = 0; i < searched.Choices.Count; i++)
            {
                Check(string.Create(CultureInfo.InvariantCulture, $"parameters.loss.choices[{i}]"), searched.Choices[i]);
            }
        }

        return faults;

        void Check(string path, ParameterValue loss)
        {
            if (loss.ToString() == LossTasks.Binary)
            {
                faults.Add(new SpecError(path, string.Create(CultureInfo.InvariantCulture, $"{LossTasks.Binary} is a loss of two classes, and the target has {width}"), "cross_entropy"));
            }
        }
    }
}
