using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Scores kept weights on the test part.</summary>
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
        if (spec.Data is null || data.Get(spec.Data).Folds[0] is not { Test: { Rows: > 0 } test } set)
        {
            return new Dictionary<string, double>();
        }

        var network = WeightsFormat.Read(blobs.Get(model));
        CheckShape(network.Architecture, set);
        var settings = TrainingSettings.Resolve(spec, parameters, set.Task);
        var score = new Scorer(network, set, settings.Loss, test.Rows).Score(test, CancellationToken.None);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { [Metrics.TestLoss] = score.Loss };
        if (set.Task == LearningTask.Classification)
        {
            metrics[Metrics.TestAccuracy] = score.Accuracy;
        }
        else
        {
            metrics[Metrics.TestMae] = score.MeanAbsoluteError;
            metrics[Metrics.TestRmse] = score.RootMeanSquaredError;
        }

        return metrics;
    }

    private static void CheckShape(Architecture architecture, DataSet set)
    {
        if (architecture.Inputs != set.InputWidth || architecture.Outputs != set.OutputWidth)
        {
            throw new InvalidDataException(
                $"The model takes {architecture.Inputs} features and gives {architecture.Outputs} outputs; "
                + $"the data has {set.InputWidth} and {set.OutputWidth}.");
        }
    }
}
