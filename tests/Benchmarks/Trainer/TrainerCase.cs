namespace TuningCluster.Benchmarks.Trainer;

/// <summary>A network and how it is trained: relu, cross-entropy, mini-batches in a new order every epoch, float32.</summary>
/// <param name="Name">S, M, L or XL.</param>
/// <param name="Sizes">Inputs, hidden layers, classes.</param>
/// <param name="Batch">Rows in a mini-batch; the last of an epoch may be smaller.</param>
/// <param name="Rows">Rows of data, all of which train.</param>
/// <param name="Epochs">After which training starts anew from fresh weights: nobody is measured on a network that has learnt its data by
/// heart, whose gradients vanish.</param>
/// <param name="Sgd">Goals with momentum 0.9.</param>
/// <param name="Adam">Goals with Adam.</param>
/// <param name="ShareOfPeak">Goal for the share of the core's arithmetic that training with SGD uses.</param>
/// <param name="TwoTrials">Goal for two trials on two cores, in trials on one; null where none is set.</param>
internal sealed record TrainerCase(
    string Name, int[] Sizes, int Batch, int Rows, int Epochs, TrainerGoals Sgd, TrainerGoals Adam, double ShareOfPeak, double? TwoTrials)
{
    public static readonly IReadOnlyList<TrainerCase> All =
    [
        new("S", [64, 32, 10], 32, 1500, 20, new(55, 12), new(70, 13), 0.60, 1.85),
        new("M", [784, 128, 64, 10], 64, 10_000, 3, new(2.9, 1.8), new(3.25, 1.9), 0.83, 1.9),
        new("L", [784, 512, 512, 10], 128, 10_000, 2, new(1.42, 1.3), new(1.6, 1.45), 0.86, null),
        new("XL", [1024, 2048, 2048, 1000], 256, 2560, 1, new(1.2, 1.2), new(1.48, 1.3), 0.88, 1.9),
    ];

    /// <summary>Floating-point operations a row: for each weight a multiplication and an addition in the output, in the gradient of the
    /// weight and, but for the first layer, in the gradient of the input.</summary>
    public double Operations
    {
        get
        {
            var weights = Sizes.Zip(Sizes.Skip(1), (inputs, outputs) => (double)inputs * outputs).ToArray();
            return (6 * weights.Sum()) - (2 * weights[0]);
        }
    }

    /// <summary>The same with fewer rows, so that an epoch takes a tenth of a second at most on a usual core; XL, whose mini-batches are
    /// as long, keeps two.</summary>
    public TrainerCase Shortened() => this with { Rows = Operations > 1e7 ? 2 * Batch : Math.Min(Rows, 1500) };
}

/// <summary>Our rows a second in those of a rival.</summary>
internal sealed record TrainerGoals(double Torch, double Numpy);
