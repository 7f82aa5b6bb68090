namespace TuningCluster.Benchmarks.Trainer;

/// <summary>What the contestants of the suite <c>trainer</c> are asked; the scripts of <c>rivals/</c> read the same fields.</summary>
/// <param name="Measure">One of the words below.</param>
/// <param name="Optimizer"><c>sgd</c> (learning rate 0.01, momentum 0.9) or <c>adam</c> (0.001, 0.9, 0.999, 1e-8).</param>
/// <param name="Epochs">Of one training; see <see cref="TrainerCase"/>.</param>
/// <param name="Seconds">Measured at least so long.</param>
/// <param name="Count">Networks trained at a time.</param>
/// <param name="Data">Path of a data file; empty for <paramref name="Rows"/> rows of noise.</param>
/// <param name="Threads">Threads that divide the products of one network; ours only.</param>
internal sealed record TrainerQuestion(
    string Measure, int[] Sizes, int Batch, int Rows, string Optimizer, int Epochs, double Seconds, int Count = 1, string Data = "", int Threads = 1)
{
    /// <summary>Rows a second of whole epochs: shuffle, gather, forward, loss, backward, step. Fresh weights are not counted.</summary>
    public const string RowsPerSecond = "rows per second";

    /// <summary>Rows a second of <see cref="Count"/> trainings on as many threads; all but the first fresh weights are counted; ours only.</summary>
    public const string RowsPerSecondAtOnce = "rows per second at once";

    /// <summary>Milliseconds from nothing to the end of the first epoch, less those of a later epoch; ours only.</summary>
    public const string FixedCost = "fixed cost";

    /// <summary>Whole trainings an hour on a data file, one after the other.</summary>
    public const string TrialsPerHour = "trials per hour";

    /// <summary>GFLOP/s of fused multiply-adds out of registers; ours only.</summary>
    public const string Peak = "peak";

    public static TrainerQuestion About(string measure, TrainerCase what, string optimizer, double seconds) =>
        new(measure, what.Sizes, what.Batch, what.Rows, optimizer, what.Epochs, seconds);
}
