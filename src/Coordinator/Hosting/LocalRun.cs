using System.Globalization;
using System.Threading.Channels;
using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Cli;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search.Auto;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>Runs a study in this process: finds or creates it, starts a node, watches it to its end.</summary>
/// <param name="workingDirectory">Where <c>.tuning/</c> is looked for.</param>
/// <param name="command">What the user typed; the lock names it.</param>
public sealed class LocalRun(string workingDirectory, string command, TimeProvider time) : IRunHost
{
    public async Task<RunResult> Run(RunRequest request, IRunObserver observer, CancellationToken interrupt)
    {
        var timings = new RunTimings(time, request.Timings ? observer.OnNote : null);
        var location = StoreLocation.Parse(request.Storage, workingDirectory);
        using var store = StudyStore.At(location);

        // A node takes as long to make as the data to read and the store to open, and touches neither.
        var making = Task.Run(() => LocalNode.Create(store), CancellationToken.None);
        try
        {
            return await Run(request, location, store, making, observer, timings, interrupt);
        }
        finally
        {
            await (await making).DisposeAsync();
        }
    }

    private async Task<RunResult> Run(
        RunRequest request, StoreLocation location, StudyStore store, Task<LocalNode> making, IRunObserver observer, RunTimings timings, CancellationToken interrupt)
    {
        var spec = ResolveData(Merge(request), request.BaseDirectory, observer, out var content);
        timings.Mark("data");

        using var held = StoreLock.Acquire(location, command, time);
        store.Open();
        TuningLog.ToFile(location.LogsDirectory);
        timings.Mark("store");

        var found = StoreJournals.Find(location, spec.Name);
        var plan = RunPlan.For(spec, found, request.Fresh, s => Warm(s, location, request.BaseDirectory));
        timings.Mark("recovered");
        if (plan.Finished is { } finished)
        {
            return new RunResult(finished, AlreadyFinished: true, Interrupted: false, location.Place);
        }

        foreach (var line in plan.Notes)
        {
            observer.OnNote(line);
        }

        if (Population.Of(spec) is { } population)
        {
            observer.OnNote($"{spec.Strategy.Name}: {population.Settings}.");
        }
        else if (found is null && Search.SamplerFactory.Create(spec).Size is { } size)
        {
            observer.OnNote(string.Create(CultureInfo.InvariantCulture, $"The {spec.Strategy.Name} has {size:N0} points."));
        }

        if (spec.Strategy.Name == "auto")
        {
            var prior = plan.First is [CreateStudy create] ? create.Prior.Count : found!.Prior.Count;
            var choice = AutoChoice.For(spec.Space, spec.Budget.Trials + prior, spec.Objectives.Count);
            observer.OnNote($"auto takes {choice.Strategy}: {choice.Reason}.");
        }

        var blobs = location.Blobs(BlobQuota.FromEnvironment(), time);
        if (content is not null)
        {
            blobs.Put(plan.StudyId, content);
        }

        await using var node = await making; // Ended before the lock is let go.
        using var taken = CancellationTokenSource.CreateLinkedTokenSource(held.Lost);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(interrupt, taken.Token);
        node.Start(blobs, location.CheckpointsDirectory, plan.Slots, time, _ => taken.Cancel());
        timings.Mark("node");
        var updates = node.OpenStudy(plan.StudyId, plan.First);
        using var gateway = request.Http is null ? null : new LiveGateway(node, location, new StoreJournals(location, command, time), blobs, LocalNode.CreateInspector(), time);
        await using var api = gateway is null ? null : await ApiServer.Start(ApiListener.Local(request.Http!), gateway, interrupt);
        if (api is not null)
        {
            await gateway!.Attach(plan.StudyId, interrupt);
            node.TellOthers(api.Address);
            // Whoever tells something over HTTP must be able to forget it.
            store.Durability = Durability.Shared;
            observer.OnNote($"HTTP API at {api.Address}");
        }

        var state = await Watch(node, updates, observer, timings, stopped.Token);
        if (taken.IsCancellationRequested)
        {
            throw new StoreException($"The store {location.Name} was taken over by another process while it was not reachable.", "'tuning show' says how the study stands.");
        }

        return new RunResult(state, AlreadyFinished: false, Interrupted: state.Phase != StudyPhase.Finished, location.Place);
    }

    /// <summary>The file's study with what the command line replaces.</summary>
    private static StudySpec Merge(RunRequest request) => request.Spec with
    {
        Budget = request.Spec.Budget with { Trials = request.Trials ?? request.Spec.Budget.Trials },
        Parallel = request.Spec.Parallel with { Trials = request.Parallel ?? request.Spec.Parallel.Trials },
        Strategy = request.Spec.Strategy with { Seed = request.Seed ?? request.Spec.Strategy.Seed },
    };

    private static WarmStart Warm(StudySpec spec, StoreLocation location, string baseDirectory) =>
        spec.WarmStart!.Study is not { } name ? TrialTable.Read(spec, baseDirectory)
        : WarmStart.From(spec, name, new JournalReader(location).StudyIds().Select(StudyId.NameOf), StoreJournals.Find(location, name));

    private static StudySpec ResolveData(StudySpec spec, string baseDirectory, IRunObserver observer, out byte[]? content)
    {
        content = null;
        if (spec.Data is not { } data)
        {
            return spec;
        }

        var path = Path.GetFullPath(data.Source, baseDirectory);
        var resolved = LocalNode.CreateInspector().Resolve(data, path);
        content = resolved.Content;
        foreach (var note in resolved.Notes)
        {
            observer.OnNote(note);
        }

        return StudyFile.Resolved(spec, resolved);
    }

    private static async Task<StudyState> Watch(
        LocalNode node, ChannelReader<StudyUpdate> updates, IRunObserver observer, RunTimings timings, CancellationToken interrupt)
    {
        StudyState? state = null;
        try
        {
            await foreach (var update in updates.ReadAllAsync(interrupt))
            {
                state = Tell(update, observer, timings) ?? state;

                // Without events it is the state the study was found in: a finished one is about to be extended.
                if (update is StudyUpdate.Changed { Events.Count: > 0, State: { Phase: StudyPhase.Finished } finished })
                {
                    return finished;
                }
            }
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            observer.OnNote("draining: handing back the running trials");
            await node.Drain();
            while (updates.TryRead(out var update))
            {
                state = Tell(update, observer, timings) ?? state;
            }

            return state ?? throw new OperationCanceledException(interrupt);
        }
        catch (Exception e) when (e is not StoreException)
        {
            throw new StoreException($"The study cannot go on: {e.Message}", "Free the store (disk space, permissions), then run the same command again: everything acknowledged is kept.", e);
        }

        throw new StoreException("The study stopped without saying why.", "Run the same command again; the log in .tuning/logs has more.");
    }

    private static StudyState? Tell(StudyUpdate update, IRunObserver observer, RunTimings timings)
    {
        switch (update)
        {
            case StudyUpdate.Changed changed:
                if (changed.Events.Any(e => e is TrialStarted))
                {
                    timings.FirstTrial();
                }

                observer.OnStudy(changed.State, changed.Events);
                return changed.State;
            case StudyUpdate.Progressed progressed:
                foreach (var value in progressed.Values)
                {
                    observer.OnProgress(progressed.Number, progressed.Attempt, value);
                }

                return null;
            case StudyUpdate.Noted noted:
                observer.OnNote(noted.Line);
                return null;
            default:
                return null;
        }
    }
}
