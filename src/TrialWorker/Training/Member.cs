using System.Runtime.CompilerServices;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>One network of a trial: a trial trains one for each fold and repeat.</summary>
internal sealed class Member
{
    private readonly DataSet _data;
    private readonly TrainingSettings _settings;
    private readonly Loss _loss;
    private readonly Learner _learner;
    private readonly Scorer _scorer;
    private readonly int[] _order;
    private readonly float[] _bestParameters;
    private readonly float[] _bestStatistics;
    private Rng _shuffle;
    private int _next;
    private double _sum;

    /// <param name="index">Which network of the trial; its draws depend on it, and those of the first are the trial's.</param>
    public Member(DataSet data, TrainingSettings settings, long seed, int number, int index, ThreadTeam? team)
    {
        _data = data;
        _settings = settings;
        _loss = settings.Loss.Create(data.Task, data.OutputWidth, settings.Loss.IsBalanced ? ClassWeights(data) : []);
        Network = new Network(settings.Architecture(data));
        Initializer.Fill(Network, settings.Initializer, For("weights"));
        _learner = new Learner(Network, data.Training, settings, _loss, For("dropout"), team);
        _scorer = new Scorer(Network, data, _loss, data.Validation.Rows);
        _shuffle = For("shuffle");
        _order = new int[data.Training.Rows];
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _next = _order.Length;
        var restores = settings.EarlyStopping > 0;
        _bestParameters = new float[restores ? Network.Parameters.Length : 0];
        _bestStatistics = new float[restores ? Network.Statistics.Length : 0];

        Rng For(string purpose) => Rng.For(seed, number, index == 0 ? purpose : $"{purpose} {index}");
    }

    public Network Network { get; }

    public int Batches => (_order.Length + _settings.BatchSize - 1) / _settings.BatchSize;

    /// <summary>Mini-batches of the current epoch that were trained.</summary>
    public int BatchesDone => (_next + _settings.BatchSize - 1) / _settings.BatchSize;

    public bool IsEpochDone => _next == _order.Length;

    /// <summary>The learning rate of the next mini-batch.</summary>
    public double Rate => _learner.Rate;

    /// <summary>Mean over the rows of the epoch, each as its mini-batch met it, in the target's own units.</summary>
    public double TrainingLoss => _sum / _order.Length * _loss.Unit(_data.TargetScales);

    /// <summary>Begins an epoch: the training rows in a new order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BeginEpoch()
    {
        _shuffle.Shuffle(_order.AsSpan());
        _next = 0;
        _sum = 0;
    }

    /// <summary>Trains the next mini-batch.</summary>
    /// <returns>Its loss; when it is not finite, the network is lost.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Step()
    {
        var rows = Math.Min(_settings.BatchSize, _order.Length - _next);
        var loss = _learner.Step(_order.AsSpan(_next, rows));
        _next += rows;
        _sum += loss;
        return loss;
    }

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public PartScore Score(bool withCurve, CancellationToken stop) => _scorer.Score(_data.Validation, withCurve, stop);

    /// <summary>Tells the schedule how the epoch went.</summary>
    public void EndEpoch(double validationLoss) => _learner.Schedule.EndEpoch(validationLoss);

    /// <summary>Remembers the weights as the best.</summary>
    public void KeepBest()
    {
        Network.Parameters.CopyTo(_bestParameters);
        Network.Statistics.CopyTo(_bestStatistics);
    }

    /// <summary>Takes the best weights back.</summary>
    public void RestoreBest()
    {
        _bestParameters.CopyTo(Network.Parameters);
        _bestStatistics.CopyTo(Network.Statistics);
    }

    /// <summary>Writes everything that the next mini-batch depends on.</summary>
    public void Write(BinaryWriter writer)
    {
        _learner.Write(writer);
        CheckpointFormat.Write(writer, _shuffle);
        CheckpointFormat.Write(writer, _order.AsSpan());
        CheckpointFormat.Write(writer, _bestParameters.AsSpan());
        CheckpointFormat.Write(writer, _bestStatistics.AsSpan());
        writer.Write(_next);
        writer.Write(_sum);
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        _learner.Read(reader);
        _shuffle = CheckpointFormat.ReadRng(reader);
        CheckpointFormat.Read(reader, _order.AsSpan());
        CheckpointFormat.Read(reader, _bestParameters.AsSpan());
        CheckpointFormat.Read(reader, _bestStatistics.AsSpan());
        _next = reader.ReadInt32();
        _sum = reader.ReadDouble();
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote, between two epochs, of a member of another trial: with its weights and its optimizer, and draws of its own.</summary>
    /// <param name="epochs">Epochs that member had trained.</param>
    public void GoOnFrom(BinaryReader reader, int epochs)
    {
        _learner.GoOnFrom(reader, epochs);
        CheckpointFormat.ReadRng(reader);
        CheckpointFormat.Skip<int>(reader, _order.Length);
        CheckpointFormat.Skip<float>(reader, _bestParameters.Length + _bestStatistics.Length);
        reader.ReadInt32();
        reader.ReadDouble();
    }

    /// <summary>rows ÷ (classes · rows of the class), so that all weights of the part add up to its rows; 1 for a class without rows.</summary>
    private static float[] ClassWeights(DataSet data)
    {
        var counts = new long[data.Classes.Count];
        foreach (var label in data.Training.Labels)
        {
            counts[label]++;
        }

        return Array.ConvertAll(counts, c => c == 0 ? 1 : (float)((double)data.Training.Rows / (counts.Length * c)));
    }
}
