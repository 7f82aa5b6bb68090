using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>Takes what programs ask and tell to the desk of the node in this process.</summary>
/// <param name="desk">Sends to the desk and waits for its answer.</param>
/// <param name="known">The newest known state of a study; null when there is none of that name.</param>
/// <param name="fresh">Has the study that is open say how it stands, for everybody to see.</param>
internal sealed class AskTell(Func<object, CancellationToken, Task<object>> desk, Func<string, CancellationToken, Task<StudyState?>> known, Func<string, CancellationToken, Task<StudyState>> fresh) : IAskTell
{
    public async Task<IReadOnlyList<AskedTrial>?> Ask(string name, int count, TimeSpan lease, CancellationToken cancel)
    {
        if (await known(name, cancel).ConfigureAwait(false) is not { } state)
        {
            return null;
        }

        RefuseUnlessExternal(state);
        if (state.Phase == StudyPhase.Finished)
        {
            throw Nothing(state);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => desk(new AskDesk.Ask(state.Id, lease), cancel))).ConfigureAwait(false);
        // Whoever reports at once must find its trial.
        state = await fresh(state.Id, cancel).ConfigureAwait(false);
        var asked = answers.OfType<AskSeat.Asked>().Select(a => new AskedTrial(a.Key.Number, a.Key.Attempt, a.Key.Lease, a.Parameters)).OrderBy(a => a.Number).ToList();
        return asked.Count > 0 ? asked
            : answers.OfType<AskSeat.NothingCame>().Any(a => a.Left) ? throw new StoreException(
                $"Study '{name}' has not come up with a trial in time: {state.RunningCount} run{(state.Spec.Parallel.Trials is { } most ? $", and parallel.trials is {most}" : "")}.",
                "Ask again.")
            : throw Nothing(state);
    }

    public async Task<bool> Report(string name, int number, int attempt, IntermediateValue? value, CancellationToken cancel)
    {
        var (state, trial) = await Attempted(name, number, attempt, cancel).ConfigureAwait(false);
        if (!IsHeld(trial, attempt))
        {
            return true;
        }

        if (await desk(new AskDesk.ForSeat(state.Id, trial.Lease!.Worker, new AskSeat.Hear(number, attempt, value)), cancel).ConfigureAwait(false) is AskSeat.Heard heard)
        {
            return heard.Stop;
        }

        return IsHeld((await fresh(state.Id, cancel).ConfigureAwait(false)).Trials[number], attempt) ? throw Unseated(number) : true;
    }

    public async Task<TrialView> Tell(string name, int number, ToldTrial told, CancellationToken cancel)
    {
        var (state, trial) = await Attempted(name, number, told.Attempt, cancel).ConfigureAwait(false);
        var outcome = Outcome(state.Spec, told);
        if (IsHeld(trial, told.Attempt))
        {
            if (await desk(new AskDesk.ForSeat(state.Id, trial.Lease!.Worker, new AskSeat.Tell(number, told.Attempt, outcome)), cancel).ConfigureAwait(false) is AskSeat.Told counted)
            {
                await fresh(state.Id, cancel).ConfigureAwait(false);
                return StudyViewBuilder.Trial(counted.After, counted.After.Trials[number]);
            }

            state = await fresh(state.Id, cancel).ConfigureAwait(false);
            trial = state.Trials[number];
            if (IsHeld(trial, told.Attempt))
            {
                throw Unseated(number);
            }
        }

        // Said again, or said of a trial that was ended early: it is known.
        var repeated = told.Attempt >= trial.HeldSince && told.Attempt <= trial.Attempts
            && (trial.State == TrialState.Pruned || (trial.State == told.State && (outcome is not TrialOutcome.Completed { Value: var value } || value.Equals(trial.Value))));
        return repeated ? StudyViewBuilder.Trial(state, trial)
            : throw new ConflictException(
                trial.State.IsFinal() ? $"trial {number} is {trial.State.Word()}: what attempt {told.Attempt} tells does not count any more"
                : $"attempt {told.Attempt} of trial {number} is over: it is {trial.State.Word()} after {trial.Attempts} attempts",
                "Ask for another trial. A program that is silent for longer than its leaseSeconds loses its trial to whoever asks next.");
    }

    private async Task<(StudyState Study, Trial Trial)> Attempted(string name, int number, int attempt, CancellationToken cancel)
    {
        var state = await known(name, cancel).ConfigureAwait(false) ?? throw new InvalidOperationException($"There is no study '{name}'.");
        RefuseUnlessExternal(state);
        var trial = state.Trials[number];
        return attempt <= trial.Attempts ? (state, trial) : throw new ConflictException($"trial {number} has had {trial.Attempts} attempts, and none is number {attempt}", "Send the attempt that ask answered.");
    }

    private static bool IsHeld(Trial trial, int attempt) => trial.State == TrialState.Running && attempt >= trial.HeldSince;

    private static TrialOutcome Outcome(StudySpec spec, ToldTrial told)
    {
        var objectives = spec.Objectives;
        if (told.Values.Count > objectives.Count)
        {
            throw Fault("values", $"there are {told.Values.Count} values, and the objectives are {string.Join(", ", objectives.Select(o => o.Metric))}", null);
        }

        var metrics = new Dictionary<string, double>(told.Metrics, StringComparer.Ordinal);
        foreach (var (objective, value) in objectives.Zip(told.Values))
        {
            metrics[objective.Metric] = value;
        }

        switch (told.State)
        {
            case TrialState.Failed:
                return new TrialOutcome.Failed(FailureReason.TrainingError, told.Reason ?? "its program told that it failed") { Metrics = metrics };
            case TrialState.Diverged:
                return new TrialOutcome.Diverged(0, told.Reason ?? "its program told that it diverged") { Metrics = metrics };
            case TrialState.Pruned:
                return new TrialOutcome.Pruned(0) { Metrics = metrics };
        }

        var needed = objectives.Select(o => o.Metric).Concat(spec.MetricConstraints.SelectMany(c => c.Names).Where(n => spec.Space.Find(n) is null)).Distinct();
        var missing = needed.Where(n => !metrics.ContainsKey(n)).ToList();
        return missing.Count == 0 ? new TrialOutcome.Completed(metrics[objectives[0].Metric], null) { Metrics = metrics }
            : throw Fault(
                missing[0] == objectives[0].Metric ? "value" : "metrics", $"{string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing, which the study's objectives or constraints go by",
                $$"""{"attempt": {{told.Attempt}}, "value": 0.3, "metrics": { "{{missing[^1]}}": 1 } }""");
    }

    private static void RefuseUnlessExternal(StudyState state)
    {
        if (state.Spec.Objective.Kind != ObjectiveKind.External)
        {
            throw new ConflictException($"study '{state.Spec.Name}' has its trials trained by workers: nobody asks for them", "objective: { kind: external } is for asking and telling.");
        }
    }

    private static ConflictException Nothing(StudyState state) => state.Phase switch
    {
        StudyPhase.Finished => new ConflictException($"study '{state.Spec.Name}' has ended: {StudyViewBuilder.Sentence(state.FinishReason!.Value, state.Spec)}", "Extend it for more trials."),
        StudyPhase.Paused => new ConflictException($"study '{state.Spec.Name}' is paused", "Resume it."),
        _ when state.Open.IsEmpty => new ConflictException($"study '{state.Spec.Name}' has had all its trials: {state.Counts.AgainstBudget} are done", "Extend the budget."),
        _ => new ConflictException(
            $"study '{state.Spec.Name}' has handed out all its trials: {state.Counts.AgainstBudget} are done, {state.RunningCount} run",
            "Tell what came of those that run, or extend the budget."),
    };

    /// <summary>A study that is being opened again: its seats come with it.</summary>
    private static StoreException Unseated(int number) => new($"Trial {number} cannot be told of just now: its study is being opened.", "Send it again.");

    private static SpecException Fault(string path, string problem, string? hint) => new([new SpecError(path, problem, hint)]);
}
