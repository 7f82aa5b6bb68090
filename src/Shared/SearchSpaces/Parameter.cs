namespace TuningCluster.Shared.SearchSpaces;

/// <summary>The parameter is active only when another one has one of some values.</summary>
/// <param name="Parameter">Name of the parameter it depends on.</param>
/// <param name="Values">Any of these makes the condition true; never empty.</param>
public sealed record Condition(string Parameter, IReadOnlyList<ParameterValue> Values)
{
    public bool Equals(Condition? other) => other is not null && Parameter == other.Parameter && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Parameter.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One dimension of a search space.</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="When">All must hold for the parameter to be active; empty means always active.</param>
public abstract record Parameter(string Name, IReadOnlyList<Condition> When)
{
    /// <summary>What it is in a trial that has no value of it: one from before it was searched, or one in which it is not active. May lie outside the
    /// range, where it only says what such trials had. Null when nothing is known.</summary>
    public ParameterValue? Default { get; init; }

    /// <summary>Whether <paramref name="value"/> could have been drawn from this parameter.</summary>
    public abstract bool Contains(ParameterValue value);

    /// <summary>The value of this parameter that <paramref name="written"/> means, in the parameter's own kind and exactly on its steps;
    /// null when it means none.</summary>
    public abstract ParameterValue? Match(ParameterValue written);

    /// <summary>The range in words, without the conditions: <c>float 0.0001 to 1 (log)</c>.</summary>
    public abstract string Describe();

    public virtual bool Equals(Parameter? other) =>
        other is not null && EqualityContract == other.EqualityContract && Name == other.Name && Default == other.Default && When.SequenceEqual(other.When);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A real number in [<paramref name="Low"/>, <paramref name="High"/>], both inclusive.</summary>
/// <param name="Log">Drawn evenly in log space; then <paramref name="Low"/> &gt; 0.</param>
/// <param name="Step">Values are Low + k·Step, when given; never together with <paramref name="Log"/>.</param>
/// <param name="Points">How many values a grid takes of it (evenly spaced, in log space when <paramref name="Log"/>); ≥ 2.</param>
public sealed record FloatParameter(
    string Name, double Low, double High, bool Log, double? Step, int? Points, IReadOnlyList<Condition> When) : Parameter(Name, When)
{
    /// <summary>Number of values on the step grid: floor((High − Low) / Step) + 1, or null without a step.</summary>
    public long? StepCount => Step is { } step ? (long)Math.Floor(((High - Low) / step) + 1e-9) + 1 : null;

    /// <summary>The <paramref name="index"/>-th value of the step grid.</summary>
    public double AtStep(long index) => Math.Min(High, Low + (index * Step!.Value));

    public override bool Contains(ParameterValue value)
    {
        if (!value.IsNumber)
        {
            return false;
        }

        var number = value.AsDouble();
        if (!(number >= Low && number <= High))
        {
            return false;
        }

        if (Step is not { } step)
        {
            return true;
        }

        var index = (number - Low) / step;
        return Math.Abs(index - Math.Round(index)) < 1e-6;
    }

    public override ParameterValue? Match(ParameterValue written) =>
        !Contains(written) ? null
        : ParameterValue.Float(Step is { } step ? AtStep((long)Math.Round((written.AsDouble() - Low) / step)) : written.AsDouble());

    public override string Describe() =>
        $"float {Low:R} to {High:R}" + (Log ? " (log)" : "") + (Step is { } step ? $" step {step:R}" : "") + (Points is { } points ? $", {points} points" : "");
}

/// <summary>A whole number in [<paramref name="Low"/>, <paramref name="High"/>], both inclusive.</summary>
/// <param name="Log">Drawn evenly in log space; then <paramref name="Low"/> ≥ 1 and <paramref name="Step"/> is 1.</param>
/// <param name="Step">Values are Low + k·Step; ≥ 1.</param>
/// <param name="Points">How many values a grid takes of it; all of them when null.</param>
public sealed record IntParameter(
    string Name, long Low, long High, bool Log, long Step, int? Points, IReadOnlyList<Condition> When) : Parameter(Name, When)
{
    /// <summary>Number of values: floor((High − Low) / Step) + 1.</summary>
    public long Count => ((High - Low) / Step) + 1;

    public override bool Contains(ParameterValue value) =>
        value.Kind == ParameterValueKind.Int && value.AsInt() >= Low && value.AsInt() <= High && (value.AsInt() - Low) % Step == 0;

    public override ParameterValue? Match(ParameterValue written) => Contains(written) ? written : null;

    public override string Describe() =>
        $"int {Low} to {High}" + (Log ? " (log)" : "") + (Step == 1 ? "" : $" step {Step}") + (Points is { } points ? $", {points} points" : "");
}

/// <summary>One of a list of values without an order.</summary>
/// <param name="Choices">Distinct, at least one.</param>
public sealed record CategoricalParameter(string Name, IReadOnlyList<ParameterValue> Choices, IReadOnlyList<Condition> When) : Parameter(Name, When)
{
    public override bool Contains(ParameterValue value) => Choices.Contains(value);

    public override ParameterValue? Match(ParameterValue written)
    {
        foreach (var choice in Choices)
        {
            if (choice == written || (choice.IsNumber && written.IsNumber && choice.AsDouble() == written.AsDouble()))
            {
                return choice;
            }
        }

        return null;
    }

    public override string Describe() => $"categorical [{string.Join(", ", Choices)}]";

    public bool Equals(CategoricalParameter? other) => base.Equals(other) && Choices.SequenceEqual(other!.Choices);

    public override int GetHashCode() => base.GetHashCode();
}
