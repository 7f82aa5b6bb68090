using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Optimizers;

public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent: plain, with momentum when it is not zero.</summary>
    Sgd,

    /// <summary>Sgd whose momentum defaults to 0.9 (Polyak 1964).</summary>
    Momentum,

    /// <summary>Nesterov's momentum (Sutskever et al. 2013).</summary>
    Nesterov,

    /// <summary>Steps divided by the root of a running mean of squares (Hinton 2012, lecture 6e).</summary>
    RmsProp,

    /// <summary>Kingma and Ba 2015, arXiv:1412.6980.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
    AdamW,

    /// <summary>Adam with Nesterov's momentum (Dozat 2016).</summary>
    NAdam,

    /// <summary>Steps by the sign of a mean (Chen et al. 2023, arXiv:2302.06675).</summary>
    Lion,
}

/// <summary>Which optimizer, and how set. The defaults that depend on the kind are filled in by <see cref="Resolve"/>.</summary>
/// <param name="LearningRate">Before any schedule; > 0.</param>
/// <param name="Momentum">In [0, 1].</param>
/// <param name="Beta1">In [0, 1).</param>
/// <param name="Beta2">In [0, 1).</param>
/// <param name="RmsDecay">In [0, 1).</param>
/// <param name="Epsilon">> 0.</param>
/// <param name="WeightDecay">≥ 0; decoupled from the gradient in adamw and lion.</param>
/// <param name="L1">≥ 0.</param>
public sealed record OptimizerSettings(
    OptimizerKind Kind, double LearningRate, double Momentum, double Beta1, double Beta2, double RmsDecay, double Epsilon, double WeightDecay, double L1)
{
    private static readonly (string Word, OptimizerKind Kind)[] Table =
    [
        ("sgd", OptimizerKind.Sgd),
        ("momentum", OptimizerKind.Momentum),
        ("nesterov", OptimizerKind.Nesterov),
        ("rmsprop", OptimizerKind.RmsProp),
        ("adam", OptimizerKind.Adam),
        ("adamw", OptimizerKind.AdamW),
        ("nadam", OptimizerKind.NAdam),
        ("lion", OptimizerKind.Lion),
    ];

    /// <summary>How many arrays of the parameters' size the optimizer keeps.</summary>
    public int States => Kind switch
    {
        OptimizerKind.Sgd or OptimizerKind.Momentum or OptimizerKind.Nesterov => Momentum == 0 ? 0 : 1,
        OptimizerKind.RmsProp => Momentum == 0 ? 1 : 2,
        OptimizerKind.Lion => 1,
        _ => 2,
    };

    /// <param name="name">As in the study file.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Null for the kind's own default.</param>
    /// <param name="beta2">Null for the kind's own default.</param>
    /// <param name="weightDecay">Null for the kind's own default.</param>
    /// <exception cref="ArgumentException">No such optimizer.</exception>
    public static OptimizerSettings Resolve(
        string name, double rate, double? momentum, double beta1, double? beta2, double rmsDecay, double epsilon, double? weightDecay, double l1)
    {
        var kind = Words.Parse(Table, name, "optimizer");
        return new OptimizerSettings(
            kind,
            rate,
            momentum ?? (kind is OptimizerKind.Momentum or OptimizerKind.Nesterov ? 0.9 : 0),
            beta1,
            beta2 ?? (kind == OptimizerKind.Lion ? 0.99 : 0.999),
            rmsDecay,
            epsilon,
            weightDecay ?? (kind == OptimizerKind.AdamW ? 0.01 : 0),
            l1);
    }

    /// <param name="length">Number of parameters, padding included.</param>
    public Optimizer Create(int length) => Kind switch
    {
        OptimizerKind.Sgd or OptimizerKind.Momentum => new SgdOptimizer(length, this, isNesterov: false),
        OptimizerKind.Nesterov => new SgdOptimizer(length, this, isNesterov: true),
        OptimizerKind.RmsProp => new RmsPropOptimizer(length, this),
        OptimizerKind.Adam or OptimizerKind.AdamW => new AdamOptimizer(length, this),
        OptimizerKind.NAdam => new NAdamOptimizer(length, this),
        OptimizerKind.Lion => new LionOptimizer(length, this),
        _ => throw new ArgumentOutOfRangeException(nameof(length), Kind, null),
    };
}
