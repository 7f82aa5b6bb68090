using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How much memory a trial will take, before it takes any.</summary>
public static class MemoryEstimate
{
    /// <summary>Bytes of the trial's own buffers: parameters, gradients, optimizer state, the best weights, layers of a mini-batch and of
    /// a block of validation rows, the order of the rows. The data itself is shared between trials and not counted.</summary>
    public static long Bytes(DataSet data, TrainingSettings settings)
    {
        var architecture = settings.Architecture(data.InputWidth, data.OutputWidth);
        long batch = Math.Min(settings.BatchSize, data.Training.Rows);
        long block = Math.Min(Scorer.BlockRows, data.Validation.Rows);
        var copies = 2 + settings.OptimizerStates + (settings.EarlyStopping > 0 ? 1 : 0);
        var layers = Enumerable.Range(0, architecture.Layers).Sum(layer => (long)KernelPath.Pad(architecture.OutputsOf(layer)));
        long targets = settings.Loss.NeedsClasses() ? 0 : KernelPath.Pad(architecture.Outputs);
        var floats = (copies * architecture.PaddedParametersCount)
            + (batch * ((2 * layers) + targets + architecture.Inputs + 1))
            + (block * (layers + targets + 1))
            + data.Training.Rows;
        return floats * sizeof(float);
    }

    /// <summary>Why the trial cannot have the memory; null when it can.</summary>
    /// <param name="limit"><c>limits.memory</c>; null for none.</param>
    /// <param name="available">Bytes this process may use at all.</param>
    public static string? Refuse(DataSet data, TrainingSettings settings, long? limit, long available)
    {
        var bytes = Bytes(data, settings);
        var architecture = settings.Architecture(data.InputWidth, data.OutputWidth);
        var what = FormattableString.Invariant(
            $"The network {Shorten(architecture)} with {architecture.ParametersCount:N0} parameters needs about {bytes:N0} bytes");
        if (bytes > limit)
        {
            return FormattableString.Invariant($"{what}; limits.memory is {limit:N0} bytes.");
        }

        if (bytes > available)
        {
            return FormattableString.Invariant($"{what}; this worker may use {available:N0} bytes.");
        }

        long batch = Math.Max(Math.Min(settings.BatchSize, data.Training.Rows), Math.Min(Scorer.BlockRows, data.Validation.Rows));
        var widest = Enumerable.Range(0, architecture.Layers).Max(layer => (long)KernelPath.Pad(architecture.OutputsOf(layer)));
        var longest = Math.Max(architecture.PaddedParametersCount, batch * Math.Max(widest, architecture.Inputs));
        return longest > AlignedBuffer.MaxLength
            ? FormattableString.Invariant($"{what}, of which {longest:N0} numbers in one array; an array holds {AlignedBuffer.MaxLength:N0}.")
            : null;
    }

    private static string Shorten(Architecture architecture) => architecture.Hidden.Count <= 6
        ? architecture.ToString()
        : $"of {architecture.Hidden.Count} hidden layers of {architecture.Hidden[0]}";
}
