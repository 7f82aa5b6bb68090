using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.Benchmarks.Trainer;

/// <summary>All that the suite uses of the product, in one place.</summary>
internal static class Product
{
    /// <summary>Rows of normal noise with random classes.</summary>
    public static DataPart Noise(int width, int classes, int rows)
    {
        var rng = Rng.For(0, 0, "data");
        var features = new float[rows * width];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (float)rng.NextNormal();
        }

        var labels = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            labels[i] = rng.NextInt32(classes);
        }

        return new DataPart(rows, width, features, [], labels, []);
    }

    /// <summary>Classes as named, no test part, nothing scaled.</summary>
    public static DataSet Classification(DataPart training, DataPart validation, IReadOnlyList<string> classes) =>
        new(LearningTask.Classification, training.Width, [], classes, ["class"], training, validation, null, [0], [1], []);

    public static TrainingSettings Settings(TrainerQuestion question)
    {
        var isAdam = question.Optimizer == "adam";
        var optimizer = OptimizerSettings.Resolve(
            isAdam ? "adam" : "momentum", isAdam ? 0.001 : 0.01, null, 0.9, null, 0.99, 1e-8, null, 0);
        return new TrainingSettings(
            question.Sizes[1..^1], ActivationKind.Relu, new LossSettings(LossKind.CrossEntropy), optimizer, question.Batch, question.Epochs);
    }

    /// <summary>One whole trial with its validation, as a worker runs it.</summary>
    /// <returns>Its validation loss.</returns>
    /// <exception cref="BenchmarkException">It did not complete.</exception>
    public static double Trial(DataSet data, TrainingSettings settings, int number)
    {
        var trainer = new TrialWorker.Training.Trainer(
            new StudyData([data]), settings, new ObjectiveSpec(ObjectiveKind.Network, Metrics.ValidationLoss, Direction.Minimize, null),
            new LimitsSpec(null, null), TimeProvider.System);
        return trainer.Run(0, number, _ => { }, CancellationToken.None).Outcome is TrialOutcome.Completed completed
            ? completed.Value
            : throw new BenchmarkException($"Trial {number} did not complete.");
    }
}

/// <summary>One training of ours, a mini-batch at a time.</summary>
internal sealed class Training : IDisposable
{
    private readonly ThreadTeam? _team;
    private readonly Learner _learner;
    private readonly Rng _rng;
    private readonly int[] _order;
    private readonly int _batch;

    /// <summary>Fresh weights and buffers; nothing is trained yet.</summary>
    /// <param name="threads">Threads that divide its products.</param>
    public Training(DataPart part, TrainingSettings settings, int classes, int number, int threads = 1)
    {
        var network = new Network(settings.Architecture(part.Width, classes));
        Initializer.Fill(network, settings.Initializer, Rng.For(0, number, "weights"));
        _team = threads > 1 ? new ThreadTeam(threads) : null;
        _learner = new Learner(
            network, part, settings, settings.Loss.Create(LearningTask.Classification, classes, []), Rng.For(0, number, "dropout"), _team);
        _rng = Rng.For(0, number, "shuffle");
        _order = new int[part.Rows];
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _batch = settings.BatchSize;
    }

    /// <summary>One mini-batch of the present order.</summary>
    /// <param name="start">Its first row in the order.</param>
    public void Step(int start) => _learner.Step(_order.AsSpan(start, Math.Min(_batch, _order.Length - start)));

    public void Dispose() => _team?.Dispose();

    public void Shuffle() => _rng.Shuffle(_order.AsSpan());

    /// <summary>Every row once in a new order.</summary>
    public void Epoch()
    {
        Shuffle();
        for (var start = 0; start < _order.Length; start += _batch)
        {
            Step(start);
        }
    }
}
