namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>The constants of CMA-ES for a dimension and a population: recombination weights and learning rates.</summary>
/// <remarks>Hansen 2016, "The CMA evolution strategy: a tutorial", arXiv:1604.00772, table 1 with α_cov = 2; negative weights by its eq. 50 to 53.</remarks>
public sealed record CmaesWeights
{
    /// <param name="dimension">Number of coordinates n, ≥ 1.</param>
    /// <param name="population">Members of a generation λ, ≥ 2.</param>
    public CmaesWeights(int dimension, int population)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 2);
        (Dimension, Population) = (dimension, population);
        double n = dimension;
        var weights = new double[population];
        for (var i = 0; i < population; i++)
        {
            weights[i] = Math.Log((population + 1) / 2.0) - Math.Log(i + 1);
        }

        Parents = population / 2;
        var (positive, effective) = Sums(weights.AsSpan(0, Parents));
        var (negative, effectiveNegative) = Sums(weights.AsSpan(Parents));
        EffectiveParents = effective;
        RankOne = 2 / (((n + 1.3) * (n + 1.3)) + effective);
        RankMu = Math.Min(1 - RankOne, 2 * (0.25 + effective + (1 / effective) - 2) / (((n + 2) * (n + 2)) + effective));
        var most = Math.Min(Math.Min(1 + (RankOne / RankMu), 1 + (2 * effectiveNegative / (effective + 2))), (1 - RankOne - RankMu) / (n * RankMu));
        for (var i = 0; i < population; i++)
        {
            weights[i] *= i < Parents ? 1 / positive : most / -negative;
        }

        Weights = weights;
        PathOfStepSize = (effective + 2) / (n + effective + 5);
        Damping = 1 + (2 * Math.Max(0, Math.Sqrt((effective - 1) / (n + 1)) - 1)) + PathOfStepSize;
        PathOfCovariance = (4 + (effective / n)) / (n + 4 + (2 * effective / n));
        ExpectedLength = Math.Sqrt(n) * (1 - (1 / (4 * n)) + (1 / (21 * n * n)));
    }

    /// <summary>n.</summary>
    public int Dimension { get; }

    /// <summary>λ.</summary>
    public int Population { get; }

    /// <summary>μ: how many members the mean is made of.</summary>
    public int Parents { get; }

    /// <summary>w, shape [λ], best first: the first μ sum to 1, the others are negative or zero.</summary>
    public IReadOnlyList<double> Weights { get; init; }

    /// <summary>μ_eff.</summary>
    public double EffectiveParents { get; init; }

    /// <summary>c₁.</summary>
    public double RankOne { get; init; }

    /// <summary>c_μ.</summary>
    public double RankMu { get; init; }

    /// <summary>c_σ.</summary>
    public double PathOfStepSize { get; init; }

    /// <summary>d_σ.</summary>
    public double Damping { get; init; }

    /// <summary>c_c.</summary>
    public double PathOfCovariance { get; init; }

    /// <summary>E‖N(0, I)‖.</summary>
    public double ExpectedLength { get; }

    /// <summary>4 + ln n, at least 6. The usual 4 + 3·ln n (eq. 48) is for thousands of evaluations; with a few hundred, more generations are worth more.</summary>
    public static int DefaultPopulation(int dimension) => Math.Max(6, 4 + (int)Math.Log(Math.Max(1, dimension)));

    private static (double Sum, double Effective) Sums(ReadOnlySpan<double> weights)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var w in weights)
        {
            sum += w;
            squares += w * w;
        }

        return (sum, squares == 0 ? 0 : sum * sum / squares);
    }
}
