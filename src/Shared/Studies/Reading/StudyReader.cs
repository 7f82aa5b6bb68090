using System.Text.RegularExpressions;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads a whole study file: every section, then what must fit between them.</summary>
internal static partial class StudyReader
{
    public const int Version = 1;

    public static readonly string[] Keys =
    [
        "version", "name", "data", "objective", "objectives", "model", "parameters", "constraints", "enqueue", "warm_start", "strategy", "stopping", "reevaluate", "budget", "limits", "parallel", "retry",
        "reproducible",
    ];

    /// <summary>The study; null when there is any fault.</summary>
    /// <param name="data">The data section when nothing is wrong with it.</param>
    public static StudySpec? Read(string text, Faults faults, out DataSpec? data)
    {
        data = null;
        switch (NodeTree.Read(text, faults))
        {
            case null or { IsNull: true } when faults.Count == 0:
                faults.Add("", 1, 1, "the file is empty", "tuning init --data FILE writes one");
                return null;
            case MappingNode root:
                var spec = Study(Section.Open(root, root.Line, root.Column, faults, Keys), out data);
                return faults.Count == 0 ? spec : null;
            case { } other when faults.Count == 0:
                faults.Add(other, $"a study file is a mapping of keys, not {other.What}", "name: my-study");
                return null;
            default:
                return null;
        }
    }

    private static StudySpec Study(Section root, out DataSpec? sound)
    {
        ReadVersion(root);
        var name = ReadName(root);
        var before = root.Faults.Count;
        var data = DataReader.Read(root);
        sound = root.Faults.Count == before ? data : null;
        var objectives = ObjectiveReader.Read(root, data) ?? [];
        var objective = objectives.Count > 0 ? objectives[0] : null;
        var network = objective?.Kind == ObjectiveKind.Network;
        if (objective is not null)
        {
            CheckData(root, objective.Kind);
        }

        var model = network ? ModelReader.Read(root) : [];
        var drafts = ParameterReader.Read(root, network);
        CheckTwice(root, drafts, model);
        CheckLoss(root, data?.Task);
        CheckWidths(root, drafts);
        CheckClassWeights(root, data?.Task);
        var parameters = ConditionReader.Read(drafts, model, root.Faults);
        var space = drafts.All(d => d.Parameter is not null) ? Space(parameters) : null;
        if (objective?.Function is { } function && drafts.All(d => d.Parameter is not null))
        {
            CheckDimensions(root, function, parameters);
        }

        var metricConstraints = new List<Constraint>();
        if (space is not null && objective is not null)
        {
            (var constraints, metricConstraints) = ConstraintReader.Read(root, parameters, network ? ModelReader.Complete(model, space) : [], objectives, data);
            space = new SearchSpace(parameters, constraints);
        }

        var enqueue = EnqueueReader.Read(root, [.. drafts.Select(d => d.Name)], space);

        var strategy = StrategyReader.Read(root);
        var stopping = StrategyReader.ReadStopping(root);
        if (strategy.Name == "grid")
        {
            CheckGrid(root, drafts);
        }

        var budget = BudgetReader.Budget(root, strategy.Name);
        space ??= new SearchSpace([]);
        var spec = new StudySpec(
            name,
            network ? data : null,
            objective ?? new ObjectiveSpec(ObjectiveKind.Network, "", Direction.Minimize, null),
            network ? ModelReader.Complete(model, space) : model,
            space,
            enqueue,
            strategy,
            budget,
            BudgetReader.Limits(root),
            BudgetReader.Parallel(root),
            BudgetReader.Retry(root),
            BudgetReader.Reproducible(root, budget))
        {
            Stopping = stopping,
            FurtherObjectives = [.. objectives.Skip(1)],
            MetricConstraints = metricConstraints,
            Reevaluate = ReevaluateReader.Read(root, strategy.Name, objectives.Count),
            WarmStart = WarmStartReader.Read(root, name, strategy.Name),
        };
        StoppingRules.Check(root, spec);
        SeveralObjectivesRules.Check(root, spec);
        PopulationRules.Check(root, spec);
        return spec;
    }

    /// <summary>Null when the conditions, already reported, do not allow one.</summary>
    private static SearchSpace? Space(List<Parameter> parameters)
    {
        try
        {
            return new SearchSpace(parameters);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void ReadVersion(Section root)
    {
        if (root.Find("version") is { } entry && root.Int("version", long.MinValue, long.MaxValue) is { } version && version != Version)
        {
            root.Faults.Add(
                entry.Value,
                version > Version ? $"version {version} was written for a newer program; this one reads version {Version}" : $"there is no version {version}",
                $"version: {Version}");
        }
    }

    private static string ReadName(Section root)
    {
        if (root.Find("name") is null)
        {
            root.Missing("name", "name: my-study");
            return "";
        }

        var name = root.Text("name");
        if (name is not null && !NamePattern().IsMatch(name))
        {
            var near = NearName(name);
            root.Faults.Add(
                root.Find("name")!.Value,
                $"'{name}' is no study name: lower-case letters, digits and '-', at most 63, the first no '-'",
                near.Length == 0 ? "name: my-study" : $"name: {near}");
        }

        return name ?? "";
    }

    private static string NearName(string name)
    {
        var near = WrongInName().Replace(name.ToLowerInvariant(), "-").Trim('-');
        return near.Length > 63 ? near[..63] : near;
    }

    private static void CheckData(Section root, ObjectiveKind kind)
    {
        var network = kind == ObjectiveKind.Network;
        if (network && root.Find("data") is null)
        {
            root.Missing("data", "data: { source: data.csv, target: label }");
        }

        foreach (var key in network ? [] : (string[])["data", "model"])
        {
            if (root.Find(key) is { } entry)
            {
                root.Faults.AtKey(entry, $"{(kind == ObjectiveKind.External ? "an external" : "a function")} objective has no {key}", "leave it out");
            }
        }

        if (kind == ObjectiveKind.External && root.Find("limits") is { } limits)
        {
            root.Faults.AtKey(limits, "the program that asks for the trials runs them: nobody here could end one", "leave it out; a lease ends with its leaseSeconds");
        }
    }

    private static void CheckTwice(Section root, List<ParameterDraft> drafts, Dictionary<string, ParameterValue> model)
    {
        foreach (var draft in drafts)
        {
            if ((root.Find("model")?.Value as MappingNode)?.Find(draft.Name) is { Value.IsNull: false } entry && ModelSettings.Find(draft.Name) is not null)
            {
                root.Faults.AtKey(draft.Entry, $"'{draft.Name}' is also fixed in model, on line {entry.Line}", "keep it in one of the two");
            }
        }
    }

    /// <summary>Losses of the other task, fixed or among the choices.</summary>
    private static void CheckLoss(Section root, LearningTask? task)
    {
        if (task is not { } known)
        {
            return;
        }

        var fixedLoss = (root.Find("model")?.Value as MappingNode)?.Find("loss")?.Value;
        var searched = ((root.Find("parameters")?.Value as MappingNode)?.Find("loss")?.Value as MappingNode)?.Find("choices")?.Value as SequenceNode;
        foreach (var node in (IEnumerable<Node>)[.. fixedLoss is null ? [] : new[] { fixedLoss }, .. searched?.Items ?? []])
        {
            if (node is ScalarNode { Raw: var loss } && LossTasks.Of(loss) is { Count: > 0 } tasks && !tasks.Contains(known))
            {
                root.Faults.Add(
                    node,
                    $"{loss} is a loss of {Words.Of(tasks[0])}, and the task is {Words.Of(known)}",
                    $"one of {string.Join(", ", LossTasks.For(known))}");
            }
        }
    }

    /// <summary>Fixed class weights that a fixed loss, or the task, would not heed.</summary>
    private static void CheckClassWeights(Section root, LearningTask? task)
    {
        var model = root.Find("model")?.Value as MappingNode;
        if (model?.Find("class_weights") is not { Value: ScalarNode { Raw: "balanced" } } weights)
        {
            return;
        }

        var loss = (model.Find("loss")?.Value as ScalarNode)?.Raw;
        if (task == LearningTask.Regression)
        {
            root.Faults.Add(weights.Value, "class_weights needs classes, and the task is regression", "leave class_weights out");
        }
        else if (loss is not null && LossTasks.Of(loss).Count > 0 && !LossTasks.NeedsClasses(loss))
        {
            root.Faults.Add(weights.Value, $"class_weights has no effect with the loss {loss}", "loss: cross_entropy, or leave class_weights out");
        }
    }

    /// <summary>widths says every layer: what else would say it is refused.</summary>
    private static void CheckWidths(Section root, List<ParameterDraft> drafts)
    {
        var model = root.Find("model")?.Value as MappingNode;
        if (model?.Find("widths") is null && drafts.All(d => d.Name != "widths"))
        {
            return;
        }

        foreach (var name in ModelReader.OverruledByWidths)
        {
            if (model?.Find(name) is { } entry)
            {
                root.Faults.AtKey(entry, $"widths says every layer, and {name} says it again", $"leave {name} out");
            }

            if (drafts.Find(d => d.Name == name) is { } draft)
            {
                root.Faults.AtKey(draft.Entry, $"widths says every layer, and {name} would change nothing", $"leave {name} out");
            }
        }
    }

    /// <summary>A function takes the numbers of a trial in the order of the file: as many as it needs, whatever the conditions.</summary>
    private static void CheckDimensions(Section root, string function, List<Parameter> parameters)
    {
        var numeric = parameters.Where(p => p is not CategoricalParameter c || c.Choices.All(v => v.IsNumber)).ToList();
        var always = numeric.Count(p => p.When.Count == 0);
        var (least, most) = TestFunctionNames.Dimensions(function);
        if (numeric.Count < least || always > most)
        {
            var wanted = most == least ? $"{least}" : $"at least {least}";
            var first = root.Find("objectives")?.Value is SequenceNode several ? several.Items[0] : root.Find("objective")!.Value;
            root.Faults.Add(
                ((MappingNode)first).Find("name")!.Value,
                $"{function} takes {wanted} numeric parameter{(wanted == "at least 1" ? "" : "s")}, not {numeric.Count}");
        }
    }

    private static void CheckGrid(Section root, List<ParameterDraft> drafts)
    {
        foreach (var draft in drafts)
        {
            if (draft.Parameter is FloatParameter { Step: null, Points: null })
            {
                root.Faults.AtKey(draft.Entry, $"a grid needs to know which values of the float {draft.Name} to take", "points: 5");
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex WrongInName();
}
