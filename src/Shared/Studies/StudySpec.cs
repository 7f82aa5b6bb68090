using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies;

public enum Direction
{
    Minimize,
    Maximize,
}

public static class Directions
{
    /// <summary>Whether <paramref name="value"/> is strictly better than <paramref name="other"/>.</summary>
    public static bool IsBetter(this Direction direction, double value, double other) =>
        direction == Direction.Minimize ? value < other : value > other;

    /// <summary>The value as something to be minimized.</summary>
    public static double ToLoss(this Direction direction, double value) => direction == Direction.Maximize ? -value : value;
}

public enum LearningTask
{
    Classification,
    Regression,
}

public enum ScaleMethod
{
    None,
    Standard,
    MinMax,
}

/// <summary>How rows are divided. The rest after validation and test is for training.</summary>
/// <param name="Validation">Share of all rows, in (0, 1); 0 with <paramref name="Folds"/>, which validate in turn.</param>
/// <param name="Test">Share of all rows, in [0, 1); 0 means no test part.</param>
/// <param name="Stratify">Keep the classes' shares in every part; classification only.</param>
/// <param name="Folds">At least 2: cross-validation, where each fold of the rows outside the test part validates once; null for one split.</param>
public sealed record SplitSpec(double Validation, double Test, long Seed, bool Stratify, int? Folds = null);

/// <summary>The data set and what is done to it before training.</summary>
/// <param name="Source">As written: relative to the study file.</param>
/// <param name="Sha256">Of the source's bytes, for an idx pair both files', lower-case hexadecimal; null until it has been read.</param>
/// <param name="Targets">Names of the columns to predict, distinct; several are a regression. Empty until an idx pair has been read whose file names none.</param>
/// <param name="Task">Null until inferred from the target column.</param>
/// <param name="OneHotMaxSize">A categorical column of more categories is embedded instead of one-hot encoded; in [0, 1000].</param>
public sealed record DataSpec(
    string Source,
    string? Sha256,
    IReadOnlyList<string> Targets,
    LearningTask? Task,
    SplitSpec Split,
    ScaleMethod Scale,
    int OneHotMaxSize = DataSpec.DefaultOneHotMaxSize)
{
    public const int DefaultOneHotMaxSize = 32;

    /// <summary>Equal by content; the order of the targets counts: it is the order of the network's outputs.</summary>
    public bool Equals(DataSpec? other) =>
        other is not null && Source == other.Source && Sha256 == other.Sha256 && Targets.SequenceEqual(other.Targets) && Task == other.Task
        && Split == other.Split && Scale == other.Scale && OneHotMaxSize == other.OneHotMaxSize;

    public override int GetHashCode() => HashCode.Combine(Source, Sha256, Targets.Count, Task, Split, Scale);
}

public enum ObjectiveKind
{
    /// <summary>Train a network on <see cref="StudySpec.Data"/>.</summary>
    Network,

    /// <summary>A built-in test function of the parameters.</summary>
    Function,

    /// <summary>What a program of any language tells over HTTP of the trials that it asks for.</summary>
    External,
}

/// <param name="Metric">E.g. <c>validation_loss</c>; <c>value</c> for a function, or <c>f1</c>, <c>f2</c>, … for one of several values; any name for an external one.</param>
/// <param name="Function">Name of the test function, for <see cref="ObjectiveKind.Function"/>.</param>
/// <param name="Repeats">Networks trained from different seeds for one value, their mean; ≥ 1.</param>
public sealed record ObjectiveSpec(ObjectiveKind Kind, string Metric, Direction Direction, string? Function, int Repeats = 1);

/// <param name="Name">One of <see cref="Strategies.StrategySettings.Table"/>.</param>
/// <param name="Seed">Null until drawn; drawn once and journalled.</param>
/// <param name="Settings">The strategy's own settings, each with its default when the file is silent.</param>
public sealed record StrategySpec(string Name, long? Seed, IReadOnlyDictionary<string, ParameterValue> Settings)
{
    public bool Equals(StrategySpec? other) =>
        other is not null && Name == other.Name && Seed == other.Seed && NamedValues.AreEqual(Settings, other.Settings);

    public override int GetHashCode() => HashCode.Combine(Name, Seed);
}

/// <summary>How trials are stopped before their last step.</summary>
/// <param name="Name">One of <see cref="Strategies.StoppingSettings.Table"/>.</param>
/// <param name="Settings">The rule's own settings, each with its default when the file is silent.</param>
public sealed record StoppingSpec(string Name, IReadOnlyDictionary<string, ParameterValue> Settings)
{
    /// <summary>Every trial runs to its end.</summary>
    public static readonly StoppingSpec None = new(Strategies.StoppingSettings.None, new Dictionary<string, ParameterValue>());

    public bool Equals(StoppingSpec? other) => other is not null && Name == other.Name && NamedValues.AreEqual(Settings, other.Settings);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>When the study ends; whichever comes first. Null means no such limit.</summary>
/// <param name="Trials">Complete, pruned, diverged and failed ones. Null with grid, where it is the grid's size, or when only
/// <paramref name="Time"/> ends the study.</param>
/// <param name="Time">Accumulated running time over all resumes.</param>
/// <param name="Target">Ends when a value is at least this good.</param>
/// <param name="Patience">Ends when the last so many finished trials brought no better value.</param>
/// <param name="Failures">Ends when so many trials failed (diverged ones are results, not failures).</param>
public sealed record BudgetSpec(int? Trials, TimeSpan? Time, double? Target, int? Patience, int? Failures);

/// <summary>Limits of one trial.</summary>
/// <param name="MemoryBytes">Estimated beforehand; a trial that would not fit fails with the numbers.</param>
public sealed record LimitsSpec(TimeSpan? Time, long? MemoryBytes);

/// <param name="Trials">Trials at a time; null is <c>auto</c>: local cores ÷ threads, on a cluster uncapped.</param>
/// <param name="Threads">Slots one trial takes.</param>
public sealed record ParallelSpec(int? Trials, int Threads);

/// <param name="Attempts">How often a trial may be tried when its training raises an error; ≥ 1.</param>
public sealed record RetrySpec(int Attempts);

/// <param name="Window">Null is <c>best_effort</c>; else <c>strict</c> with this window.</param>
public sealed record ReproducibleSpec(int? Window);

/// <summary>Where trials of before come from, that the strategy learns from and that count for nothing else.</summary>
/// <param name="Study">Name of an earlier study in the same store; null with <paramref name="Csv"/>.</param>
/// <param name="Csv">A table of trials, as written: relative to the study file; null with <paramref name="Study"/>.</param>
public sealed record WarmStartSpec(string? Study, string? Csv)
{
    /// <summary>For messages.</summary>
    public override string ToString() => Study is null ? $"csv {Csv}" : $"study '{Study}'";
}

/// <summary>What is trained again at the end: the value of the best of many noisy trainings is partly luck.</summary>
/// <param name="Top">The best so many complete trials; in [1, 100].</param>
/// <param name="Seeds">How often each; in [1, 100].</param>
public sealed record ReevaluateSpec(int Top, int Seeds);

/// <summary>A study file, validated, every default resolved.</summary>
/// <param name="Data">Null when the objective is not a network.</param>
/// <param name="Model">Settings of the network that are not searched, by name (see <c>ModelSettings</c>), defaults included; empty for a function.</param>
/// <param name="Enqueue">Partial or whole sets of parameters tried first; what is missing is sampled.</param>
public sealed record StudySpec(
    string Name,
    DataSpec? Data,
    ObjectiveSpec Objective,
    IReadOnlyDictionary<string, ParameterValue> Model,
    SearchSpace Space,
    IReadOnlyList<TrialParameters> Enqueue,
    StrategySpec Strategy,
    BudgetSpec Budget,
    LimitsSpec Limits,
    ParallelSpec Parallel,
    RetrySpec Retry,
    ReproducibleSpec Reproducible)
{
    /// <summary>How trials are stopped before their last step.</summary>
    public StoppingSpec Stopping { get; init; } = StoppingSpec.None;

    /// <summary>What is optimized beside <see cref="Objective"/>, in the order of the file; all of its kind and function.</summary>
    public IReadOnlyList<ObjectiveSpec> FurtherObjectives { get; init; } = [];

    /// <summary>Conditions on what a trial measures; those on parameters alone are the space's.</summary>
    public IReadOnlyList<Constraint> MetricConstraints { get; init; } = [];

    /// <summary>Null when the strategy begins with nothing.</summary>
    public WarmStartSpec? WarmStart { get; init; }

    /// <summary>Null when the best trial by its own value is the best.</summary>
    public ReevaluateSpec? Reevaluate { get; init; }

    /// <summary>All that is optimized: <see cref="Objective"/> first.</summary>
    public IReadOnlyList<ObjectiveSpec> Objectives => [Objective, .. FurtherObjectives];

    /// <summary>Equal by content; the order of <see cref="Model"/> does not matter.</summary>
    public bool Equals(StudySpec? other) =>
        other is not null && Name == other.Name && Data == other.Data && Objective == other.Objective
        && NamedValues.AreEqual(Model, other.Model) && Stopping == other.Stopping
        && FurtherObjectives.SequenceEqual(other.FurtherObjectives) && WarmStart == other.WarmStart && Reevaluate == other.Reevaluate && MetricConstraints.SequenceEqual(other.MetricConstraints)
        && Space.Equals(other.Space) && Enqueue.SequenceEqual(other.Enqueue) && Strategy == other.Strategy && Budget == other.Budget
        && Limits == other.Limits && Parallel == other.Parallel && Retry == other.Retry && Reproducible == other.Reproducible;

    public override int GetHashCode() => HashCode.Combine(Name, Data, Objective, Space, Strategy, Budget);
}

internal static class NamedValues
{
    /// <summary>The same values under the same names, in any order.</summary>
    public static bool AreEqual(IReadOnlyDictionary<string, ParameterValue> one, IReadOnlyDictionary<string, ParameterValue> other) =>
        one.Count == other.Count && one.All(v => other.TryGetValue(v.Key, out var value) && value == v.Value);
}
