using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>What running a study file means, given what the store holds of that name.</summary>
/// <param name="StudyId">The instance to run.</param>
/// <param name="First">Creates or extends it.</param>
/// <param name="Slots">Training threads in this process: trials at a time, times the threads of one.</param>
/// <param name="Finished">Set when there is nothing to run.</param>
public sealed record RunPlan(string StudyId, IReadOnlyList<StudyCommand> First, int Slots, StudyState? Finished)
{
    /// <param name="spec">The file's study, data resolved.</param>
    /// <param name="found">The current instance of that name; null when there is none.</param>
    /// <param name="fresh">Archive it and begin again.</param>
    /// <param name="warm">What <see cref="StudySpec.WarmStart"/> gives; asked only when a study with one is created.</param>
    /// <exception cref="SpecException">A fixed part of the study changed.</exception>
    public static RunPlan For(StudySpec spec, StudyState? found, bool fresh, Func<StudySpec, WarmStart>? warm = null)
    {
        var slots = Math.Max(1, spec.Parallel.Trials ?? Environment.ProcessorCount / spec.Parallel.Threads) * spec.Parallel.Threads;
        if (found is null || fresh)
        {
            var id = Studies.StudyId.Create(spec.Name, found is null ? 1 : Studies.StudyId.InstanceOf(found.Id) + 1);
            spec = spec with { Strategy = spec.Strategy with { Seed = spec.Strategy.Seed ?? Rng.FreshSeed() } };
            var start = spec.WarmStart is null ? WarmStart.None : (warm ?? throw new ArgumentNullException(nameof(warm)))(spec);
            return new RunPlan(id, [new CreateStudy(id, spec) { Prior = start.Trials }], slots, Finished: null) { Notes = start.Notes };
        }

        var changes = StudySpecComparison.FixedPartChanges(found.Spec, spec);
        if (changes.Count > 0)
        {
            throw new SpecException([.. changes.Select(change => new SpecError(
                "", $"study '{spec.Name}' exists and this part of it is fixed: {change}", "Run with --fresh to archive it and begin again, or give the file another name."))]);
        }

        var widening = SpaceWidening.Between(found.Spec, spec);
        var extend = new ExtendStudy(spec.Budget, spec.Limits, spec.Parallel, spec.Retry) { Wider = widening.Wider };
        // Who runs a study wants it to go on, whoever paused it.
        IReadOnlyList<StudyCommand> first = found.Phase == StudyPhase.Paused ? [extend, new ResumeStudy()] : [extend];
        if (!StaysFinished(found, extend))
        {
            return new RunPlan(found.Id, first, slots, Finished: null)
            {
                Notes = [.. widening.Widened.Select(line => $"Wider: {line}. The {found.Trials.Count} trials so far are kept.")],
            };
        }

        return widening.Wider is null ? new RunPlan(found.Id, [extend], slots, found) : throw new SpecException([NothingLeft(found, widening)]);
    }

    /// <summary>What the user should know before it begins, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    private static SpecError NothingLeft(StudyState found, SpaceWidening widening) => new(
        "",
        $"study '{found.Spec.Name}' has ended ({Views.StudyViewBuilder.Sentence(found.FinishReason!.Value, found.Spec).TrimEnd('.')}), which leaves nothing to run in the wider space ({string.Join("; ", widening.Widened)})",
        found.FinishReason switch
        {
            FinishReason.Stopped => "Run with --fresh to archive it and begin again, or give the file another name.",
            FinishReason.TrialsDone => $"Raise budget.trials, as with --trials {2 * found.Counts.AgainstBudget}, in the same run: it goes on with all its trials.",
            _ => "Raise in the same run what of its budget it ended for: it goes on with all its trials.",
        });

    private static bool StaysFinished(StudyState found, ExtendStudy extend)
    {
        if (found.Phase != StudyPhase.Finished)
        {
            return false;
        }

        if (found.FinishReason == FinishReason.Stopped || (found.Spec.Budget == extend.Budget && extend.Wider is null))
        {
            return true;
        }

        var extended = Reopening.Extended(found, extend);
        var context = new DecisionContext(
            found.UpdatedAt, found.Elapsed, [], 0, StrategySize.Of(extended), Pruning.TrainToEnd.Instance, _ => false, _ => 0, Rng.FreshId);
        return StudyEnd.Reason(extended, context) is not null;
    }
}
