using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Finds what is wrong with <c>stopping:</c> beside the rest of the file.</summary>
internal static class StoppingRules
{
    /// <param name="root">The study file.</param>
    /// <param name="spec">What was read of it; whole when there is no fault yet.</param>
    public static void Check(Section root, StudySpec spec)
    {
        var stopping = spec.Stopping;
        if (stopping.Name == StoppingSettings.None || root.Find("stopping") is not { } entry)
        {
            return;
        }

        if (stopping.Name == "threshold" && !stopping.Settings.ContainsKey("lower") && !stopping.Settings.ContainsKey("upper"))
        {
            root.Faults.AtKey(entry, "threshold has no limit to stop at", "stopping: { name: threshold, upper: 5 }");
        }

        if (spec.Reproducible.Window is not null && stopping.Settings.TryGetValue("mode", out var mode) && mode.AsText() == "promote")
        {
            root.Faults.AtKey(
                At(entry, "mode"), "promote lets a trial go on when others have ended, whenever that is, which strict does not allow", "mode: stop");
        }

        if (spec.Objective.Kind == ObjectiveKind.External && stopping.Settings.TryGetValue("mode", out var waits) && waits.AsText() == "promote")
        {
            root.Faults.AtKey(At(entry, "mode"), "promote sets trials aside, and an external one cannot be taken from its program and given back", "mode: stop");
        }

        if (spec.Objective.Kind == ObjectiveKind.Function)
        {
            root.Faults.AtKey(entry, "a built-in function reports no steps: there is nothing to stop early", "stopping: none");
        }
        else if (TrialSteps.Most(spec) is null)
        {
            if (stopping.Name is not ("asha" or "hyperband"))
            {
                // Judges at every step that is reported, wherever the last one is.
                return;
            }

            root.Faults.AtKey(entry, $"{stopping.Name} must know the last step of an external trial", $"stopping: {{ name: {stopping.Name}, max: 100 }}");
        }
        else if (root.Faults.Count == 0)
        {
            CheckSteps(root, spec, entry);
        }
    }

    private static void CheckSteps(Section root, StudySpec spec, Entry entry)
    {
        var settings = spec.Stopping.Settings;
        var epochs = TrialSteps.Most(spec)!.Value;
        if (Int("max") > epochs)
        {
            root.Faults.AtKey(At(entry, "max"), $"max is {Int("max")}, but the longest trial has {epochs} epochs", $"max: {epochs}");
        }
        else if (Int("min") >= (Int("max") ?? epochs))
        {
            root.Faults.AtKey(
                At(entry, "min"), $"the first rung, at step {Int("min")}, is not before the last step, {Int("max") ?? epochs}: no trial would be stopped", "min: 1, and more epochs");
        }
        else if (settings.ContainsKey("warmup") && Math.Max(Int("warmup")!.Value + 1, Int("interval") ?? 1) >= epochs)
        {
            root.Faults.AtKey(
                At(entry, Int("interval") >= epochs ? "interval" : "warmup"), $"no trial would be judged before its last epoch, {epochs}", "interval: 1, or more epochs");
        }

        long? Int(string setting) => settings.TryGetValue(setting, out var value) ? value.AsInt() : null;
    }

    /// <summary>The place of a setting, or of the section when it is not written.</summary>
    private static Entry At(Entry section, string setting) => (section.Value as MappingNode)?.Find(setting) ?? section;
}
