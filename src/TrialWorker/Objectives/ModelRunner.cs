using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Scores kept weights on the test part: the mean over the networks of a trial, each on the test part as its own fold encodes it.</summary>
public sealed class ModelRunner(IBlobStore blobs, DataSetCache data) : IModelRunner
{
    /// <summary>With a cache of its own.</summary>
    public ModelRunner(IBlobStore blobs, Func<DataSpec, byte[], StudyData> load)
        : this(blobs, new DataSetCache(blobs, load))
    {
    }

    /// <inheritdoc/>
    /// <exception cref="BlobMissingException">The weights or the data are not in the store.</exception>
    /// <exception cref="InvalidDataException">The blob is no network, or one of another shape than the data.</exception>
    public IReadOnlyDictionary<string, double> ScoreTest(StudySpec spec, TrialParameters parameters, string model)
    {
        if (spec.Data is null || data.Get(spec.Data) is not { } study || study.Folds[0].Test is not { Rows: > 0 })
        {
            return new Dictionary<string, double>();
        }

        var settings = TrainingSettings.Resolve(spec, parameters, study.Folds[0].Task);
        var networks = WeightsFormat.Read(blobs.Get(model));
        var scores = networks.Select((network, i) => Score(network, study.Folds[i % study.Folds.Count], settings)).ToArray();
        return PartScore.NamesOf(study.Folds[0].Task)
            .Select(name => (Name: Metrics.Test + name, Mean: scores.Average(s => s.Of(name))))
            .Where(m => double.IsFinite(m.Mean))
            .ToDictionary(m => m.Name, m => m.Mean, StringComparer.Ordinal);
    }

    private static PartScore Score(Network network, DataSet set, TrainingSettings settings)
    {
        CheckShape(network.Architecture, settings.Architecture(set));
        var loss = settings.Loss.Create(set.Task, set.OutputWidth, []);
        return new Scorer(network, set, loss, set.Test!.Rows).Score(set.Test, withCurve: true, CancellationToken.None);
    }

    private static void CheckShape(Architecture kept, Architecture wanted)
    {
        if (!kept.Equals(wanted))
        {
            throw new InvalidDataException($"The model is {kept}; the data and the trial's parameters need {wanted}.");
        }
    }
}
