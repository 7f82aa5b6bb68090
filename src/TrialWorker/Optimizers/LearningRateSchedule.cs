using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Optimizers;

public enum ScheduleKind
{
    Constant,

    /// <summary>Times the factor every so many epochs.</summary>
    Step,

    /// <summary>Times the factor every epoch.</summary>
    Exponential,

    /// <summary>Half a cosine from the rate down to the floor, mini-batch by mini-batch (Loshchilov and Hutter 2017, arXiv:1608.03983).</summary>
    Cosine,

    /// <summary>Up to the rate in the first 30 % and down to almost nothing, along cosines (Smith and Topin 2018, arXiv:1708.07120).</summary>
    OneCycle,

    /// <summary>Times the factor when the validation loss stops falling.</summary>
    ReduceOnPlateau,
}

/// <summary>How the learning rate changes.</summary>
/// <param name="Factor">What it is multiplied by, in (0, 1].</param>
/// <param name="EveryEpochs">Epochs between two drops of <see cref="ScheduleKind.Step"/>; ≥ 1.</param>
/// <param name="Patience">Epochs without a better validation loss that <see cref="ScheduleKind.ReduceOnPlateau"/> bears.</param>
/// <param name="Floor">Least share of the rate, in [0, 1].</param>
/// <param name="WarmupEpochs">Epochs over which the rate rises in a straight line from one step's share.</param>
public sealed record ScheduleSettings(ScheduleKind Kind, double Factor, int EveryEpochs, int Patience, double Floor, int WarmupEpochs)
{
    private static readonly (string Word, ScheduleKind Kind)[] Table =
    [
        ("constant", ScheduleKind.Constant),
        ("step", ScheduleKind.Step),
        ("exponential", ScheduleKind.Exponential),
        ("cosine", ScheduleKind.Cosine),
        ("one_cycle", ScheduleKind.OneCycle),
        ("reduce_on_plateau", ScheduleKind.ReduceOnPlateau),
    ];

    /// <summary>No change.</summary>
    public static readonly ScheduleSettings Constant = new(ScheduleKind.Constant, 1, 1, 0, 0, 0);

    /// <param name="name">As in the study file.</param>
    /// <param name="factor">Null for the kind's own default.</param>
    /// <param name="everyEpochs">Null for a third of <paramref name="epochs"/>.</param>
    /// <exception cref="ArgumentException">No such schedule.</exception>
    public static ScheduleSettings Resolve(
        string name, double? factor, int? everyEpochs, int patience, double floor, int warmupEpochs, int epochs)
    {
        var kind = Words.Parse(Table, name, "schedule");
        return new ScheduleSettings(
            kind, factor ?? (kind == ScheduleKind.Exponential ? 0.95 : 0.1), everyEpochs ?? Math.Max(1, epochs / 3), patience, floor, warmupEpochs);
    }
}

/// <summary>The learning rate of every step of one training.</summary>
/// <remarks>
/// Step and exponential change between epochs, as in PyTorch; cosine, one_cycle and the warm-up with every step. The warm-up multiplies
/// whatever the schedule says by (step + 1)/(warm-up steps), and cosine and one_cycle begin when it ends.
/// </remarks>
/// <param name="rate">learning_rate.</param>
/// <param name="stepsPerEpoch">Mini-batches of an epoch; ≥ 1.</param>
/// <param name="epochs">Epochs of the training; ≥ 1.</param>
public sealed class LearningRateSchedule(ScheduleSettings settings, double rate, int stepsPerEpoch, int epochs)
{
    // As PyTorch's OneCycleLR has them.
    private const double RisingShare = 0.3;
    private const double InitialShare = 1.0 / 25;
    private const double FinalShare = InitialShare / 1e4;

    /// <summary>A loss counts as better when it is below the best by this share of it.</summary>
    private const double LeastGain = 1e-4;

    private double _factor = 1;
    private double _best = double.PositiveInfinity;
    private int _badEpochs;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">From 0, counted over all epochs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Rate(long step)
    {
        var warmup = (long)settings.WarmupEpochs * stepsPerEpoch;
        var total = Math.Max(1, ((long)epochs * stepsPerEpoch) - warmup);
        var done = Math.Max(0, step - warmup);
        var epoch = step / stepsPerEpoch;
        var share = settings.Kind switch
        {
            ScheduleKind.Step => Math.Pow(settings.Factor, epoch / settings.EveryEpochs),
            ScheduleKind.Exponential => Math.Pow(settings.Factor, epoch),
            ScheduleKind.Cosine => Between(1, settings.Floor, Math.Min(1, (double)done / total)),
            // A warm-up as long as the training leaves no cycle, and the end of one is no rate to rise to.
            ScheduleKind.OneCycle => step < warmup ? InitialShare : OneCycle(done, total),
            ScheduleKind.ReduceOnPlateau => Math.Max(_factor, settings.Floor),
            _ => 1,
        };
        return rate * share * (step < warmup ? (step + 1.0) / warmup : 1);
    }

    /// <summary>Tells how an epoch went.</summary>
    public void EndEpoch(double validationLoss)
    {
        if (validationLoss < _best * (1 - LeastGain))
        {
            _best = validationLoss;
            _badEpochs = 0;
        }
        else if (++_badEpochs > settings.Patience)
        {
            _factor *= settings.Factor;
            _badEpochs = 0;
        }
    }

    /// <summary>Writes everything that the next rates depend on.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_factor);
        writer.Write(_best);
        writer.Write(_badEpochs);
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        _factor = reader.ReadDouble();
        _best = reader.ReadDouble();
        _badEpochs = reader.ReadInt32();
    }

    private static double OneCycle(long step, long total)
    {
        var peak = (RisingShare * total) - 1;
        return step <= peak
            ? Between(InitialShare, 1, peak > 0 ? step / peak : 1)
            : Between(1, FinalShare, Math.Min(1, (step - peak) / (total - 1 - peak)));
    }

    /// <summary>From <paramref name="start"/> to <paramref name="end"/> along half a cosine.</summary>
    private static double Between(double start, double end, double share) => end + ((start - end) / 2 * (1 + Math.Cos(Math.PI * share)));
}
