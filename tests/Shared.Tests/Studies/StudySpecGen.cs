using CsCheck;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

/// <summary>Random valid studies of a function, whose parameters may have any names and values.</summary>
internal static class StudySpecGen
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Constant("1", "1.0", "true", "null", "~", "1e3", "- a", "a: b", "#c", "'", "\"\\\u0007\t\n", "\u2028\u0085\uFEFF", "😀é中", " blank ", "0x1F", ".inf"));

    private static readonly Gen<string> Text = AnyText.Where(t => !string.IsNullOrWhiteSpace(t) && WellFormed(t));

    private static readonly Gen<ParameterValue> Value = Gen.OneOf(
        Text.Select(ParameterValue.Text), Gen.Long.Select(ParameterValue.Int), Gen.Double.Where(double.IsFinite).Select(ParameterValue.Float), Gen.Bool.Select(ParameterValue.Bool));

    private static readonly Gen<Func<string, IReadOnlyList<Condition>, Parameter>> Float =
        from low in Gen.Double[-1e6, 1e6]
        from width in Gen.Double[1e-3, 1e6]
        from shape in Gen.Int[0, 3]
        select (Func<string, IReadOnlyList<Condition>, Parameter>)((name, when) => shape switch
        {
            0 => new FloatParameter(name, low, low + width, false, null, null, when),
            1 => new FloatParameter(name, Math.Abs(low) + 1e-9, Math.Abs(low) + width, true, null, 7, when),
            2 => new FloatParameter(name, low, low + width, false, width / 3, null, when),
            _ => new FloatParameter(name, low, low + width, false, null, 2, when),
        });

    private static readonly Gen<Func<string, IReadOnlyList<Condition>, Parameter>> Int =
        from low in Gen.Long[-1000, 1000]
        from width in Gen.Long[1, 1000]
        from log in Gen.Bool
        from step in Gen.Long[1, width]
        select (Func<string, IReadOnlyList<Condition>, Parameter>)((name, when) => log
            ? new IntParameter(name, Math.Abs(low) + 1, Math.Abs(low) + 1 + width, true, 1, null, when)
            : new IntParameter(name, low, low + width, false, step, 3, when));

    private static readonly Gen<Func<string, IReadOnlyList<Condition>, Parameter>> Categorical =
        from choices in Value.Array[1, 6]
        select (Func<string, IReadOnlyList<Condition>, Parameter>)((name, when) =>
            new CategoricalParameter(name, [.. choices.DistinctBy(c => c.IsNumber ? c.AsDouble() : (object)(c.Kind, c.ToString()))], when));

    private static readonly Gen<SearchSpace> Space =
        from names in Text.Array[1, 8]
        from makers in Gen.OneOf(Float, Int, Categorical).Array[8]
        from parents in Gen.Int[-1, 7].Array[8]
        select new SearchSpace(Parameters([.. names.Distinct()], makers, parents));

    /// <summary>Sphere takes any number of numbers from one on: the first parameter is one.</summary>
    public static readonly Gen<StudySpec> Studies =
        from space in Space
        from name in Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789"].Array[1, 63]
        from direction in Constant(Direction.Minimize, Direction.Maximize)
        from seed in Gen.Long[0, long.MaxValue].Nullable()
        from budget in Budgets
        from limits in Gen.Select(Time.Nullable(), Gen.Long[1, long.MaxValue].Nullable(), (time, memory) => new LimitsSpec(time, memory))
        from parallel in Gen.Int[1, 99].Nullable().Select(trials => new ParallelSpec(trials, 1))
        from attempts in Gen.Int[1, 9]
        from window in Gen.Int[1, 99].Nullable()
        from constrained in Gen.Bool
        select new StudySpec(
            string.Concat(name), null, new ObjectiveSpec(ObjectiveKind.Function, "value", direction, "sphere"),
            new Dictionary<string, ParameterValue>(), constrained ? new SearchSpace(space.Parameters, [Constraint.Parse("first >= 0")]) : space, [First(space)], new StrategySpec("random", seed, new Dictionary<string, ParameterValue>()),
            budget, limits, parallel, new RetrySpec(attempts), new ReproducibleSpec(budget is { Time: null, Target: null, Patience: null, Failures: null } ? window : null))
        {
            MetricConstraints = constrained ? [Constraint.Parse("value / 2 <= first")] : [],
        };

    private static Gen<TimeSpan> Time => Gen.Long[1, StudyDuration.Longest.Ticks].Select(TimeSpan.FromTicks);

    private static Gen<BudgetSpec> Budgets =>
        from trials in Gen.Int[1, int.MaxValue]
        from time in Time.Nullable()
        from target in Gen.Double.Where(double.IsFinite).Nullable()
        from patience in Gen.Int[1, 1000].Nullable()
        select new BudgetSpec(trials, time, target, patience, patience);

    private static Gen<T> Constant<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static List<Parameter> Parameters(string[] names, Func<string, IReadOnlyList<Condition>, Parameter>[] makers, int[] parents)
    {
        List<Parameter> parameters = [new IntParameter("first", 0, 9, false, 1, null, [])];
        for (var i = 0; i < names.Length; i++)
        {
            var when = new List<Condition>();
            if (names[i] is not "first")
            {
                if (parents[i] >= 0 && parents[i] < parameters.Count && SomeValue(parameters[parents[i]]) is { } value)
                {
                    when.Add(new Condition(parameters[parents[i]].Name, [value]));
                }

                parameters.Add(makers[i](names[i], when));
            }
        }

        return parameters;
    }

    private static ParameterValue? SomeValue(Parameter parameter) => parameter switch
    {
        FloatParameter { Step: { } } f => ParameterValue.Float(f.AtStep(1)),
        IntParameter i => ParameterValue.Int(i.Low),
        CategoricalParameter c => c.Choices[^1],
        _ => null,
    };

    /// <summary>One value a trial may have: of the first parameter without conditions.</summary>
    private static TrialParameters First(SearchSpace space) => new([KeyValuePair.Create(space.Parameters[0].Name, ParameterValue.Int(3))]);

    private static bool WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
