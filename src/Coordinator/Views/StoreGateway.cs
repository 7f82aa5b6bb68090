using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>A read-only fold of a store: serves every verb while another process writes, or with none running.</summary>
/// <param name="journals">The store.</param>
/// <param name="apply">The fold: <c>Study.Apply</c>.</param>
public sealed class StoreGateway(IStudyJournals journals, Func<StudyState?, StudyEvent, StudyState> apply) : IStudyGateway
{
    public async Task<IReadOnlyList<StudyView>> Studies(CancellationToken cancel)
    {
        var views = new List<StudyView>();
        foreach (var id in StudyId.Current(await journals.StudyIds(cancel).ConfigureAwait(false)))
        {
            if (await State(id, cancel).ConfigureAwait(false) is { } state)
            {
                views.Add(StudyViewBuilder.Study(state));
            }
        }

        return views;
    }

    public async Task<StudyView?> Show(string name, CancellationToken cancel) =>
        await StateOf(name, cancel).ConfigureAwait(false) is { } state ? StudyViewBuilder.Study(state) : null;

    public async Task<IReadOnlyList<TrialView>?> Trials(string name, CancellationToken cancel) =>
        await StateOf(name, cancel).ConfigureAwait(false) is { } state ? StudyViewBuilder.Trials(state) : null;

    public async Task<AuditReport?> Audit(string name, CancellationToken cancel)
    {
        var id = await CurrentId(name, cancel).ConfigureAwait(false);
        return id is null ? null : StudyAudit.Run(await journals.Events(id, cancel).ConfigureAwait(false), id);
    }

    public async Task<IReadOnlyList<ParameterShare>?> Importance(string name, CancellationToken cancel) =>
        await StateOf(name, cancel).ConfigureAwait(false) is { } state ? ParameterImportance.Of(state.Spec.Space, state.History) : null;

    public async Task<ReplayReport?> Replay(string name, CancellationToken cancel) =>
        await CurrentId(name, cancel).ConfigureAwait(false) is { } id ? StudyReplay.Run(await journals.Events(id, cancel).ConfigureAwait(false), id) : null;

    public async Task<StudyView?> Act(string name, StudyAction action, CancellationToken cancel)
    {
        if (await CurrentId(name, cancel).ConfigureAwait(false) is not { } id || await State(id, cancel).ConfigureAwait(false) is not { } state)
        {
            return null;
        }

        await journals.Carry(id, action.CommandFor(state), cancel).ConfigureAwait(false);
        return await Show(name, cancel).ConfigureAwait(false);
    }

    public async Task<RetryReport?> RetryFailed(string name, CancellationToken cancel)
    {
        if (await CurrentId(name, cancel).ConfigureAwait(false) is not { } id)
        {
            return null;
        }

        var (before, events) = await journals.Carry(id, new RetryFailed(), cancel).ConfigureAwait(false);
        return Report(before, events);
    }

    /// <summary>What came of having failed trials run again.</summary>
    /// <param name="before">The study before.</param>
    /// <param name="events">What it decided.</param>
    public static RetryReport Report(StudyState before, IReadOnlyList<StudyEvent> events)
    {
        int[] retried = [.. events.OfType<TrialEnqueued>().Where(e => e.RetryOf is not null).Select(e => e.RetryOf!.Value)];
        int[] possible = [.. Reopening.Retries(before).Select(e => e.RetryOf!.Value)];
        int[] failed = [.. before.Trials.Where(t => t.State == TrialState.Failed && !before.Retried.Contains(t.Number)).Select(t => t.Number)];
        var isPopulation = before.Spec.Strategy.Name == StrategySettings.Population;
        return new RetryReport(
            retried,
            isPopulation ? [] : [.. failed.Except(possible)],
            retried.Length < possible.Length ? StudyViewBuilder.Sentence(before.FinishReason!.Value, before.Spec) : null,
            isPopulation);
    }

    public async Task<bool> Delete(string name, CancellationToken cancel)
    {
        var instances = (await journals.StudyIds(cancel).ConfigureAwait(false)).Where(id => StudyId.NameOf(id) == name).ToList();
        foreach (var id in instances)
        {
            await journals.Delete(id, cancel).ConfigureAwait(false);
        }

        return instances.Count > 0;
    }

    private async Task<StudyState?> StateOf(string name, CancellationToken cancel) =>
        await CurrentId(name, cancel).ConfigureAwait(false) is { } id ? await State(id, cancel).ConfigureAwait(false) : null;

    // Null for an id whose first event is not committed yet: a reader may come between.
    private async Task<StudyState?> State(string id, CancellationToken cancel) =>
        (await journals.Events(id, cancel).ConfigureAwait(false)).Aggregate((StudyState?)null, apply);

    private async Task<string?> CurrentId(string name, CancellationToken cancel) => StudyId.Current(await journals.StudyIds(cancel).ConfigureAwait(false), name);
}
