using System.Globalization;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies;

/// <summary>How the parameters of a changed study file go with those of the study's journal: they may become wider, so that every trial so far keeps its place.</summary>
/// <param name="Wider">The journal's study with the wider space; null when it is as wide as it was, or something is refused.</param>
/// <param name="Widened">One sentence for each parameter that became wider or is new.</param>
/// <param name="Refused">One sentence for each that changed otherwise: what changed and what would be allowed.</param>
/// <remarks>Allowed: lower lows and higher highs (a step's grid must go on through the old values), more choices, more points of a grid, new parameters whose
/// value in the trials so far is known. The journal's order stays; what is new comes last.</remarks>
public sealed record SpaceWidening(StudySpec? Wider, IReadOnlyList<string> Widened, IReadOnlyList<string> Refused)
{
    /// <summary>Of a step: what rounding in a file's numbers may come to.</summary>
    private const double Aligned = 1e-6;

    /// <param name="journalled">As kept.</param>
    /// <param name="file">As parsed.</param>
    public static SpaceWidening Between(StudySpec journalled, StudySpec file)
    {
        var (parameters, widened, refused) = (new List<Parameter>(), new List<string>(), new List<string>());
        foreach (var was in journalled.Space.Parameters)
        {
            if (file.Space.Find(was.Name) is not { } now)
            {
                refused.Add($"parameters.{was.Name}: was {Describe(was)}, is absent; a parameter may become wider, not leave");
                continue;
            }

            var change = $"parameters.{was.Name}: was {Describe(was)}, is {Describe(now)}";
            if (Refusal(was, now) is { } reason)
            {
                refused.Add($"{change}; {reason}");
                continue;
            }

            var wider = Merge(was, now);
            parameters.Add(wider);
            if (!wider.Equals(was))
            {
                widened.Add(change);
            }
        }

        foreach (var added in file.Space.Parameters.Where(p => journalled.Space.Find(p.Name) is null))
        {
            var before = Before(added.Name, journalled);
            var change = $"parameters.{added.Name}: was {before?.ToString() ?? "absent"}, is {Describe(added)}";
            if (RefusalOfNew(added, before, journalled) is { } reason)
            {
                refused.Add($"{change}; {reason}");
                continue;
            }

            parameters.Add(added with { Default = added.Default ?? (before is { } value ? Fitted(added, value) : null) });
            widened.Add(change);
        }

        if (refused.Count > 0 || widened.Count == 0)
        {
            return new SpaceWidening(null, widened, refused);
        }

        var spec = journalled with { Space = new SearchSpace(parameters, journalled.Space.Constraints), Model = file.Model };
        return journalled.Stopping == StoppingSpec.None || TrialSteps.Most(spec) == TrialSteps.Most(journalled)
            ? new SpaceWidening(spec, widened, refused)
            : new SpaceWidening(null, widened, [$"parameters.epochs: the longest trial had {TrialSteps.Most(journalled)} epochs, has {TrialSteps.Most(spec)}; the rule of stopping judges by it, so it stays"]);
    }

    /// <summary>The range in words, with its conditions.</summary>
    public static string Describe(Parameter parameter) => parameter.When.Count == 0
        ? parameter.Describe()
        : $"{parameter.Describe()} when {string.Join(" and ", parameter.When.Select(c => $"{c.Parameter} is {string.Join(" or ", c.Values)}"))}";

    /// <summary>What would be allowed instead; null when <paramref name="now"/> holds all that <paramref name="was"/> did.</summary>
    private static string? Refusal(Parameter was, Parameter now)
    {
        if (!SameConditions(was, now))
        {
            return "its conditions stay";
        }

        if (now.Default is { } stated && stated != was.Default)
        {
            return was.Default is { } kept ? $"its default stays {kept}" : "it was searched from the beginning: a default is for parameters that come later";
        }

        return (was, now) switch
        {
            (FloatParameter a, FloatParameter b) => Refusal(a, b),
            (IntParameter a, IntParameter b) => Refusal(a, b),
            (CategoricalParameter a, CategoricalParameter b) => a.Choices.Except(b.Choices).ToList() is { Count: > 0 } gone
                ? $"choices may be added, not taken away: {string.Join(", ", gone)}"
                : null,
            _ => "its type stays",
        };
    }

    private static string? Refusal(FloatParameter was, FloatParameter now) =>
        now.Low > was.Low ? $"low may be at most {Text(was.Low)}"
        : now.High < was.High ? $"high may be at least {Text(was.High)}"
        : now.Log != was.Log ? "log stays as it was"
        : now.Step != was.Step ? "its step stays"
        : was.Step is { } step && !IsWhole((was.Low - now.Low) / step) ? $"low may be lower by whole steps of {Text(step)}"
        : Fewer(was.Points, now.Points) ? $"points may be at least {was.Points}"
        : null;

    private static string? Refusal(IntParameter was, IntParameter now) =>
        now.Low > was.Low ? $"low may be at most {was.Low}"
        : now.High < was.High ? $"high may be at least {was.High}"
        : now.Log != was.Log ? "log stays as it was"
        : now.Step != was.Step ? "its step stays"
        : (was.Low - now.Low) % was.Step != 0 ? $"low may be lower by whole steps of {was.Step}"
        : (was.Points is null && now.Points is not null && now.Points < now.Count) || (now.Points is not null && now.Points < was.Points) ? "points may not become fewer"
        : null;

    private static bool Fewer(int? was, int? now) => was is not null && !(now >= was);

    private static bool IsWhole(double steps) => Math.Abs(steps - Math.Round(steps)) < Aligned;

    private static bool SameConditions(Parameter was, Parameter now) =>
        was.When.Count == now.When.Count && was.When.All(c => now.When.Any(other => other.Parameter == c.Parameter && other.Values.ToHashSet().SetEquals(c.Values)));

    /// <summary>The journal's parameter with the file's range.</summary>
    private static Parameter Merge(Parameter was, Parameter now) => (was, now) switch
    {
        (FloatParameter a, FloatParameter b) => a with { Low = b.Low, High = b.High, Points = b.Points },
        (IntParameter a, IntParameter b) => a with { Low = b.Low, High = b.High, Points = b.Points },
        (CategoricalParameter a, CategoricalParameter b) => a with { Choices = [.. a.Choices, .. b.Choices.Except(a.Choices)] },
        _ => throw new ArgumentException($"'{was.Name}' cannot become a {now.GetType().Name}.", nameof(now)),
    };

    private static string? RefusalOfNew(Parameter added, ParameterValue? before, StudySpec journalled) =>
        added.Name == "widths" && journalled.Objective.Kind == ObjectiveKind.Network ? "the trials so far had layers, width and shape: search those"
        : before is { } value && added.Default is { } stated && stated != Fitted(added, value) ? $"the trials so far had {value}, not {stated}"
        : before is not null || added.Default is not null || !CouldHaveBeenActive(added, journalled.Space) ? null
        : "a new parameter needs the value that the trials so far had: default: one of its values";

    /// <summary>What a setting of the network was in every trial so far; null when it is none, or hung on others.</summary>
    private static ParameterValue? Before(string name, StudySpec journalled) =>
        journalled.Objective.Kind != ObjectiveKind.Network ? null
        : journalled.Model.TryGetValue(name, out var value) ? value
        : ModelSettings.Find(name)?.Default;

    /// <summary>The value in the parameter's own kind; as it is when it lies outside.</summary>
    private static ParameterValue Fitted(Parameter parameter, ParameterValue value) =>
        parameter.Match(value)
        ?? (parameter is IntParameter && value.IsNumber && IsWhole(value.AsDouble()) ? parameter.Match(ParameterValue.Int((long)value.AsDouble())) : null)
        ?? value;

    /// <summary>Whether its conditions may hold in a trial of the old space.</summary>
    private static bool CouldHaveBeenActive(Parameter added, SearchSpace old) =>
        added.When.All(c => old.Find(c.Parameter) is not { } parent || c.Values.Any(parent.Contains));

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
