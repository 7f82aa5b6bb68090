using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies;

/// <summary>Whether a study file may continue a study that is in the journal.</summary>
/// <remarks>Fixed for a study's life: data, split, scale, model, objective, strategy with its seed, stopping, warm start, re-evaluation, reproducible.
/// Free: budget, limits, parallel, retry. Parameters may become wider (<see cref="SpaceWidening"/>). Enqueued trials count when the study is created only.</remarks>
public static class StudySpecComparison
{
    /// <summary>One sentence for each fixed part that changed; empty when the file may continue the study.</summary>
    /// <param name="journalled">As kept: data hash, task and seed filled in.</param>
    /// <param name="file">As parsed: a hash, target, task or seed it does not give matches any.</param>
    public static IReadOnlyList<string> FixedPartChanges(StudySpec journalled, StudySpec file)
    {
        var changes = new List<string>();
        Data(journalled.Data, file.Data, changes);
        Objectives(journalled.Objectives, file.Objectives, changes);
        Change("constraints", Constraints(journalled), Constraints(file), changes);
        Model(journalled, file, changes);
        changes.AddRange(SpaceWidening.Between(journalled, file).Refused);
        if (journalled.Strategy.Seed is { } oldSeed && file.Strategy.Seed is { } newSeed)
        {
            Change("strategy.seed", oldSeed, newSeed, changes);
        }

        Named("strategy", journalled.Strategy.Name, journalled.Strategy.Settings, file.Strategy.Name, file.Strategy.Settings, changes);
        Named("stopping", journalled.Stopping.Name, journalled.Stopping.Settings, file.Stopping.Name, file.Stopping.Settings, changes);
        Change("reevaluate.top", journalled.Reevaluate?.Top, file.Reevaluate?.Top, changes);
        Change("reevaluate.seeds", journalled.Reevaluate?.Seeds, file.Reevaluate?.Seeds, changes);
        Change("warm_start", journalled.WarmStart, file.WarmStart, changes);
        Change("reproducible", Reproducible(journalled.Reproducible), Reproducible(file.Reproducible), changes);
        return changes;
    }

    private static void Change<T>(string path, T was, T @is, List<string> changes)
    {
        if (!EqualityComparer<T>.Default.Equals(was, @is))
        {
            changes.Add($"{path}: was {was?.ToString() ?? "absent"}, is {@is?.ToString() ?? "absent"}");
        }
    }

    private static void Objectives(IReadOnlyList<ObjectiveSpec> was, IReadOnlyList<ObjectiveSpec> @is, List<string> changes)
    {
        if (was.Count != @is.Count)
        {
            Change("objectives", Names(was), Names(@is), changes);
            return;
        }

        foreach (var (index, (old, now)) in was.Zip(@is).Index())
        {
            var path = was.Count == 1 ? "objective" : $"objectives[{index}]";
            Change($"{path}.kind", Words.Of(old.Kind), Words.Of(now.Kind), changes);
            Change($"{path}.name", old.Function, now.Function, changes);
            Change($"{path}.metric", old.Metric, now.Metric, changes);
            Change($"{path}.direction", Words.Of(old.Direction), Words.Of(now.Direction), changes);
        }

        static string Names(IReadOnlyList<ObjectiveSpec> objectives) => string.Join(", ", objectives.Select(o => o.Metric));
    }

    /// <summary>Their order says nothing.</summary>
    private static string? Constraints(StudySpec spec) =>
        spec.Space.Constraints.Concat(spec.MetricConstraints).Select(c => c.Text).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } texts ? string.Join("; ", texts) : null;

    private static void Data(DataSpec? was, DataSpec? @is, List<string> changes)
    {
        if (was is null || @is is null)
        {
            Change("data", was?.Source, @is?.Source, changes);
            return;
        }

        if (was.Sha256 is { } oldHash && @is.Sha256 is { } newHash && oldHash != newHash)
        {
            changes.Add($"data: the contents of {@is.Source} changed (SHA-256 was {oldHash[..12]}…, is {newHash[..12]}…)");
        }

        if (was.Targets.Count > 0 && @is.Targets.Count > 0)
        {
            Change("data.target", Targets(was), Targets(@is), changes);
        }

        if (was.Task is { } oldTask && @is.Task is { } newTask)
        {
            Change("data.task", Words.Of(oldTask), Words.Of(newTask), changes);
        }

        Change("data.split.folds", was.Split.Folds, @is.Split.Folds, changes);
        if (was.Split.Folds is null && @is.Split.Folds is null)
        {
            Change("data.split.validation", was.Split.Validation, @is.Split.Validation, changes);
        }

        Change("data.split.test", was.Split.Test, @is.Split.Test, changes);
        Change("data.split.seed", was.Split.Seed, @is.Split.Seed, changes);
        if ((was.Task ?? @is.Task) != LearningTask.Regression)
        {
            Change("data.split.stratify", was.Split.Stratify ? "true" : "false", @is.Split.Stratify ? "true" : "false", changes);
        }

        Change("data.scale", Words.Of(was.Scale), Words.Of(@is.Scale), changes);
        Change("data.one_hot_max_size", was.OneHotMaxSize, @is.OneHotMaxSize, changes);
    }

    private static string Targets(DataSpec data) => string.Join(", ", data.Targets);

    /// <summary>A setting that is in neither has its default in both: a journal may be older than the setting.</summary>
    private static void Model(StudySpec journalled, StudySpec file, List<string> changes)
    {
        foreach (var name in journalled.Model.Keys.Union(file.Model.Keys))
        {
            // Moved to or from parameters: said there.
            if (journalled.Space.Find(name) is null && file.Space.Find(name) is null)
            {
                Change($"model.{name}", Value(journalled, name), Value(file, name), changes);
            }
        }

        static ParameterValue? Value(StudySpec spec, string name) =>
            spec.Model.TryGetValue(name, out var value) ? value : ModelSettings.Find(name)?.Default;
    }

    /// <summary>A name and, under the same name, its settings.</summary>
    private static void Named(
        string key, string was, IReadOnlyDictionary<string, ParameterValue> old, string @is, IReadOnlyDictionary<string, ParameterValue> @new, List<string> changes)
    {
        Change($"{key}.name", was, @is, changes);
        foreach (var setting in was == @is ? old.Keys.Union(@new.Keys) : [])
        {
            Change($"{key}.{setting}", Value(old), Value(@new), changes);

            ParameterValue? Value(IReadOnlyDictionary<string, ParameterValue> settings) => settings.TryGetValue(setting, out var value) ? value : null;
        }
    }

    private static string Reproducible(ReproducibleSpec spec) => spec.Window is { } window ? $"strict with window {window}" : "best_effort";
}
