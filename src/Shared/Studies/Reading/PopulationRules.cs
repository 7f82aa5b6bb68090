using TuningCluster.Shared.Models;
using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Finds what does not go with a population, whose trials train parts of the epochs and go on from each other's weights.</summary>
internal static class PopulationRules
{
    private const string Epochs = "epochs";
    private const string EarlyStopping = "early_stopping";

    /// <param name="root">The study file.</param>
    /// <param name="spec">What was read of it; whole when there is no fault yet.</param>
    public static void Check(Section root, StudySpec spec)
    {
        if (spec.Strategy.Name != StrategySettings.Population || root.Find("strategy") is not { } strategy)
        {
            return;
        }

        if (spec.Objective.Kind != ObjectiveKind.Network)
        {
            root.Faults.AtKey(NameOf(strategy), $"pbt copies weights, and {(spec.Objective.Kind == ObjectiveKind.External ? "those of an external trial are not here" : "a built-in function has none")}", "strategy: auto");
            return;
        }

        if (spec.Stopping.Name != StoppingSettings.None && root.Find("stopping") is { } stopping)
        {
            root.Faults.AtKey(stopping, "pbt itself gives up on the worst: nothing is stopped early beside it", "stopping: none");
        }

        if (spec.Reproducible.Window is not null && root.Find("reproducible") is { } reproducible)
        {
            root.Faults.AtKey(reproducible, "who takes over from whom depends on who comes first, which strict does not allow", "reproducible: best_effort");
        }

        if (InParameters(root, Epochs) is { } searched)
        {
            root.Faults.AtKey(searched, "all members of a population train the same number of epochs", "model: { epochs: 30 }");
        }

        CheckEarlyStopping(root, spec);
        if (root.Faults.Count == 0)
        {
            CheckSize(root, spec, strategy);
            CheckChanges(root, spec, strategy);
        }
    }

    private static void CheckEarlyStopping(Section root, StudySpec spec)
    {
        var isFixed = spec.Model.TryGetValue(EarlyStopping, out var patience) && patience.AsInt() > 0;
        var place = InParameters(root, EarlyStopping) ?? (isFixed ? (root.Find("model")?.Value as MappingNode)?.Find(EarlyStopping) : null);
        if (place is not null)
        {
            root.Faults.AtKey(place, "a member of a population trains all its epochs: early_stopping would end it among the others", "leave early_stopping out");
        }
    }

    private static void CheckSize(Section root, StudySpec spec, Entry strategy)
    {
        var settings = spec.Strategy.Settings;
        var epochs = TrialSteps.Most(spec)!.Value;
        var interval = settings.TryGetValue("interval", out var given) ? given.AsInt() : 1;
        if (interval >= epochs)
        {
            root.Faults.AtKey(
                At(strategy, "interval"),
                epochs == 1 ? "with one epoch the members would never be compared" : $"with {epochs} epochs and an interval of {interval} the members would never be compared",
                epochs == 1 ? "model: { epochs: 30 }" : "interval: 1, or more epochs");
        }

        if (spec.Enqueue.Count > settings["population"].AsInt())
        {
            root.Faults.AtKey(
                root.Find("enqueue")!, $"{spec.Enqueue.Count} sets are to be tried, and {settings["population"]} members begin with one each", $"population: {spec.Enqueue.Count}");
        }
    }

    private static void CheckChanges(Section root, StudySpec spec, Entry strategy)
    {
        if (spec.Space.Parameters.All(p => ModelSettings.Find(p.Name)!.FixesNetwork))
        {
            root.Faults.AtKey(
                NameOf(strategy), "none of the parameters may change while a network trains, and that is all pbt does with them", "add learning_rate, or take strategy: auto");
        }
    }

    private static Entry? InParameters(Section root, string name) => (root.Find("parameters")?.Value as MappingNode)?.Find(name);

    private static Entry NameOf(Entry strategy) => At(strategy, "name");

    /// <summary>The place of a setting, or of the section when it is not written.</summary>
    private static Entry At(Entry section, string setting) => (section.Value as MappingNode)?.Find(setting) ?? section;
}
