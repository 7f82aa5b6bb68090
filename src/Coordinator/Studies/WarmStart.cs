using System.Globalization;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What a study learns from trials of before: those that are points of its space, and why others are not.</summary>
/// <param name="Trials">In the order of their source; at most <see cref="Most"/>.</param>
/// <param name="Notes">What the user should know, a sentence each.</param>
public sealed record WarmStart(IReadOnlyList<PriorTrial> Trials, IReadOnlyList<string> Notes)
{
    /// <summary>More would make every snapshot of the study heavy, and tell a strategy little; the latest are taken.</summary>
    public const int Most = 4096;

    public static readonly WarmStart None = new([], []);

    /// <summary>From the earlier study of a name, when there is one.</summary>
    /// <param name="known">Names of all studies, for the hint.</param>
    /// <exception cref="SpecException">There is none, or nothing of it is of use.</exception>
    public static WarmStart From(StudySpec spec, string name, IEnumerable<string> known, StudyState? earlier) => earlier is not null
        ? From(spec, earlier)
        : throw new SpecException([new SpecError(
            "warm_start.study",
            $"the store has no study '{name}'",
            NearestName.Find(name, known.Distinct()) is { } near ? $"study: {near}" : "'tuning studies' lists those there are; warm_start: { csv: FILE } takes trials from anywhere")]);

    /// <summary>From an earlier study: its complete and its diverged trials.</summary>
    /// <exception cref="SpecException">None of them is of use; path <c>warm_start.study</c>.</exception>
    public static WarmStart From(StudySpec spec, StudyState earlier)
    {
        var ended = earlier.Trials.Where(t => t.State is TrialState.Complete or TrialState.Diverged).ToList();
        var fitted = Fit(spec, [.. ended.Select(t => Earlier(spec, earlier, t))], "study", $"study '{earlier.Spec.Name}'");
        return fitted with { Notes = [.. fitted.Notes, .. Differences(spec, earlier.Spec).Select(d => $"study '{earlier.Spec.Name}' had {d}: its values count as they stand.")] };
    }

    /// <summary>What makes the values of two studies differ, beside their parameters.</summary>
    private static IEnumerable<string> Differences(StudySpec spec, StudySpec earlier)
    {
        if (spec.Data?.Sha256 is { } sha && earlier.Data?.Sha256 is { } was && sha != was)
        {
            yield return "other data";
        }

        foreach (var (name, value) in spec.Model)
        {
            if (earlier.Space.Find(name) is null && FixedValue(earlier, name) is { } before && before != value)
            {
                yield return $"{name} {before} where this one has {value}";
            }
        }
    }

    /// <summary>Of a setting of the network; null when it is searched, or there is no network.</summary>
    private static ParameterValue? FixedValue(StudySpec spec, string name) =>
        spec.Objective.Kind != ObjectiveKind.Network ? null : spec.Model.TryGetValue(name, out var value) ? value : ModelSettings.Find(name)?.Default;

    /// <summary>Those of a source that fit.</summary>
    /// <param name="key">Of <c>warm_start</c>, for faults.</param>
    /// <param name="source">For messages.</param>
    /// <exception cref="SpecException">None does.</exception>
    public static WarmStart Fit(StudySpec spec, IReadOnlyList<EarlierTrial> trials, string key, string source)
    {
        var fitting = new List<PriorTrial>();
        var misfits = new Dictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        foreach (var trial in trials)
        {
            if (Fit(spec, trial, out var reason, out var example) is { } prior)
            {
                fitting.Add(prior);
            }
            else
            {
                misfits[reason] = misfits.TryGetValue(reason, out var before) ? (before.Count + 1, before.Example) : (1, example);
            }
        }

        var why = string.Join("; ", misfits.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Value.Count} {m.Key} ({m.Value.Example})")));
        if (fitting.Count == 0)
        {
            throw new SpecException([new SpecError(
                $"warm_start.{key}",
                trials.Count == 0 ? $"{source} has no complete trial to start from" : $"none of the {trials.Count} trials of {source} is of use here: {why}",
                trials.Count == 0 ? "leave warm_start out, or name another source" : "make parameters and metric those of the source, give a parameter it does not have a default:, or leave warm_start out")]);
        }

        var told = fitting.Count == trials.Count ? $"starts from {fitting.Count} trials of {source}" : $"starts from {fitting.Count} of {trials.Count} trials of {source}; left out: {why}";
        return new WarmStart(
            [.. fitting.Skip(fitting.Count - Most)],
            [$"{told}.", .. fitting.Count > Most ? [string.Create(CultureInfo.InvariantCulture, $"of those the last {Most} are taken.")] : Array.Empty<string>()]);
    }

    private static EarlierTrial Earlier(StudySpec spec, StudyState earlier, Trial trial)
    {
        var values = trial.Parameters.ToDictionary(p => p.Key, p => (IReadOnlyList<ParameterValue>)[p.Value], StringComparer.Ordinal);
        // What that study had fixed, and this one searches, is a value of all its trials.
        foreach (var parameter in spec.Space.Parameters.Where(p => earlier.Spec.Space.Find(p.Name) is null))
        {
            if (FixedValue(earlier.Spec, parameter.Name) is { } value)
            {
                values[parameter.Name] = [value];
            }
        }

        double? Metric(string name) => earlier.Spec.Objective.Metric == name ? trial.Value : trial.Metrics.TryGetValue(name, out var metric) ? metric : null;
        return new EarlierTrial(
            $"trial {trial.Number}",
            values,
            trial.State == TrialState.Diverged ? [] : [.. spec.Objectives.Select(o => Metric(o.Metric))],
            trial.Metrics);
    }

    private static PriorTrial? Fit(StudySpec spec, EarlierTrial trial, out string reason, out string example)
    {
        (reason, example) = ("", trial.Name);
        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var parameter in spec.Space.DrawOrder.Where(p => SearchSpace.IsActive(p, values)))
        {
            var known = trial.Values.TryGetValue(parameter.Name, out var written) && written.Count > 0;
            IReadOnlyList<ParameterValue> meanings = known ? written! : parameter.Default is { } given ? [given] : [];
            if (meanings.Count == 0)
            {
                reason = $"without a value of {parameter.Name}";
                return null;
            }

            if (meanings.Select(parameter.Match).FirstOrDefault(m => m is not null) is not { } match)
            {
                reason = $"whose {parameter.Name} is not {parameter.Describe()}";
                example = $"{trial.Name} has {meanings[^1]}";
                return null;
            }

            values.Add(parameter.Name, match);
        }

        foreach (var (name, value) in spec.Model)
        {
            if (trial.Values.TryGetValue(name, out var written) && written.Count > 0 && !written.Contains(value))
            {
                reason = $"whose {name} is not the {value} of model";
                example = $"{trial.Name} has {written[^1]}";
                return null;
            }
        }

        for (var i = 0; i < trial.Objectives.Count; i++)
        {
            if (trial.Objectives[i] is not { } objective)
            {
                reason = $"without a value of {spec.Objectives[i].Metric}";
                return null;
            }

            if (!double.IsFinite(objective))
            {
                return new PriorTrial(spec.Space.Arrange(values), null, Trial.NoMetrics);
            }
        }

        var metrics = trial.Metrics.Where(m => Asks(spec, m.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (objective, value) in spec.FurtherObjectives.Zip(trial.Objectives.Skip(1)))
        {
            metrics[objective.Metric] = value!.Value;
        }

        return new PriorTrial(spec.Space.Arrange(values), trial.Objectives.Count == 0 ? null : trial.Objectives[0], metrics);
    }

    /// <summary>Whether the study wants to know this metric: it is an objective's or in a constraint.</summary>
    public static bool Asks(StudySpec spec, string metric) =>
        spec.Objectives.Any(o => o.Metric == metric) || spec.MetricConstraints.Any(c => c.Names.Contains(metric));
}
