using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How much memory a trial will take, before it takes any.</summary>
public static class MemoryEstimate
{
    /// <summary>Bytes of the trial's own buffers: parameters, optimizer state, the best weights, the gradient when its norm is limited, layers
    /// of a mini-batch and of a block of validation rows, scratch, the order of the rows; for each fold and repeat. The data itself is
    /// shared between trials and not counted.</summary>
    /// <param name="repeats">Networks a fold.</param>
    /// <param name="threads">Threads that share the work of the trial.</param>
    public static long Bytes(StudyData data, TrainingSettings settings, int repeats = 1, int threads = 1) =>
        repeats * data.Folds.Sum(fold => BytesOf(fold, settings, threads));

    /// <summary>Why the trial cannot have the memory; null when it can.</summary>
    /// <param name="limit"><c>limits.memory</c>; null for none.</param>
    /// <param name="available">Bytes this process may use at all.</param>
    public static string? Refuse(StudyData data, TrainingSettings settings, int repeats, int threads, long? limit, long available)
    {
        var bytes = Bytes(data, settings, repeats, threads);
        var networks = data.Folds.Count * repeats;
        var first = data.Folds[0];
        var architecture = settings.Architecture(first);
        var what = FormattableString.Invariant(
            $"{(networks == 1 ? "The network" : $"{networks} networks")} {Shorten(architecture)} with {architecture.ParametersCount:N0} parameters {(networks == 1 ? "needs" : "each need")} about {bytes:N0} bytes");
        if (bytes > limit)
        {
            return FormattableString.Invariant($"{what}; limits.memory is {limit:N0} bytes.");
        }

        if (bytes > available)
        {
            return FormattableString.Invariant($"{what}; this worker may use {available:N0} bytes.");
        }

        long batch = Math.Max(Math.Min(settings.BatchSize, first.Training.Rows), Math.Min(Scorer.BlockRows, first.Validation.Rows));
        var widest = Enumerable.Range(0, architecture.Layers).Max(layer => (long)RowBuffer.StrideOf(architecture.OutputsOf(layer)));
        long[] lengths = [architecture.PaddedParametersCount, batch * Math.Max(widest, architecture.Inputs), LayerProducts.ColumnsLength(architecture, (int)batch)];
        return lengths.Max() > AlignedBuffer.MaxLength
            ? FormattableString.Invariant($"{what}, of which {lengths.Max():N0} numbers in one array; an array holds {AlignedBuffer.MaxLength:N0}.")
            : null;
    }

    private static long BytesOf(DataSet data, TrainingSettings settings, int threads)
    {
        var architecture = settings.Architecture(data);
        long batch = Math.Min(settings.BatchSize, data.Training.Rows);
        long block = Math.Min(Scorer.BlockRows, data.Validation.Rows);
        var copies = 1 + settings.Optimizer.States + (settings.EarlyStopping > 0 ? 1 : 0) + (settings.ClipNorm > 0 ? 1 : 0);
        var hidden = architecture.Hidden.Sum(w => (long)RowBuffer.StrideOf(w));
        long outputs = RowBuffer.StrideOf(architecture.Outputs);
        var inputs = architecture.Embeddings.Count > 0 ? RowBuffer.StrideOf(architecture.Inputs) : 0;
        var targets = settings.Loss.NeedsClasses ? 1 : outputs + 1;
        var floats = (copies * architecture.PaddedParametersCount)
            + (batch * ((HiddenLayer.BuffersPerRow(architecture, true, settings.Dropout) * hidden) + (2 * outputs) + (2 * inputs) + targets))
            + (block * ((HiddenLayer.BuffersPerRow(architecture, false, 0) * hidden) + outputs + inputs + targets))
            + (threads * ((Math.Max(batch, 256) + 64) * Panels.Width))
            + LayerProducts.ColumnsLength(architecture, (int)batch)
            + data.Training.Rows
            + (data.Validation.Rows * (data.Classes.Count + 2L));
        return floats * sizeof(float);
    }

    private static string Shorten(Architecture architecture) => architecture.Hidden.Count <= 6
        ? architecture.ToString()
        : $"of {architecture.Hidden.Count} hidden layers of {architecture.Hidden[0]}";
}
