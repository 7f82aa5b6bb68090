using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Serilog;
using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>The studies of the node in this process: reads come from memory where a study is open and from the journal where it is not; actions go to its actor.</summary>
public sealed class LiveGateway : IStudyHost, IDisposable
{
    /// <summary>Holds what was uploaded until a study owns it.</summary>
    private const string Uploads = "uploads";

    /// <summary>A viewer that reads no further than this behind is let go: it may resume where it was.</summary>
    private const int MostUnread = 10_000;

    /// <summary>Until a study whose actor ended is opened again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly LocalNode _node;
    private readonly StoreLocation _location;
    private readonly JournalReader _reader;
    private readonly StoreGateway _stored;
    private readonly IBlobStore _blobs;
    private readonly IDataInspector _inspector;
    private readonly ConcurrentDictionary<string, OpenStudy> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _end;
    private readonly TimeProvider _time;

    public LiveGateway(LocalNode node, StoreLocation location, IStudyJournals journals, IBlobStore blobs, IDataInspector inspector, TimeProvider time)
    {
        (_node, _location, _blobs, _inspector, _time) = (node, location, blobs, inspector, time);
        _end = _ended.Token;
        _reader = new JournalReader(location);
        _stored = new StoreGateway(journals, Study.Apply);
        AskTell = new AskTell(node.AskAtDesk, Known, Fresh);
    }

    public IAskTell AskTell { get; }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        _creating.Dispose();
    }

    /// <summary>Has every study that has not ended go on.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> OpenUnfinished()
    {
        var names = new List<string>();
        var ids = _reader.StudyIds();
        // Of studies deleted while a worker was still sending.
        _blobs.ReleaseCheckpoints(owner => !ids.Contains(owner.Study));
        foreach (var id in StudyId.Current(ids))
        {
            if (Fold(id) is { Phase: not StudyPhase.Finished })
            {
                Open(id);
                names.Add(StudyId.NameOf(id));
            }
        }

        return names;
    }

    /// <summary>Keeps a study that is being opened in view; returns once its creation is in the journal, or it cannot be.</summary>
    public Task Attach(string id, CancellationToken cancel) => Open(id).Known.WaitAsync(cancel);

    public Task<IReadOnlyList<StudyView>> Studies(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StudyView>>([.. StudyId.Current(_reader.StudyIds()).Select(Fold).OfType<StudyState>().Select(StudyViewBuilder.Study)]);

    public Task<StudyView?> Show(string name, CancellationToken cancel) => Task.FromResult(State(name) is { } state ? StudyViewBuilder.Study(state) : null);

    public Task<IReadOnlyList<TrialView>?> Trials(string name, CancellationToken cancel) => Task.FromResult(State(name) is { } state ? StudyViewBuilder.Trials(state) : null);

    public Task<TrialPage?> TrialPage(string name, int from, int count, CancellationToken cancel) =>
        Task.FromResult(State(name) is { } state ? StudyViewBuilder.TrialPage(state, from, count) : null);

    public Task<AuditReport?> Audit(string name, CancellationToken cancel) => _stored.Audit(name, cancel);

    public Task<IReadOnlyList<ParameterShare>?> Importance(string name, CancellationToken cancel) => _stored.Importance(name, cancel);

    public Task<ReplayReport?> Replay(string name, CancellationToken cancel) => _stored.Replay(name, cancel);

    public async Task<StudyView?> Act(string name, StudyAction action, CancellationToken cancel)
    {
        if (State(name) is not { } state)
        {
            return null;
        }

        var carried = await Carry(state.Id, [action.CommandFor(state)], cancel).ConfigureAwait(false);
        return StudyViewBuilder.Study(carried.After!);
    }

    public async Task<RetryReport?> RetryFailed(string name, CancellationToken cancel)
    {
        if (Current(name) is not { } id)
        {
            return null;
        }

        var carried = await Carry(id, [new RetryFailed()], cancel).ConfigureAwait(false);
        return StoreGateway.Report(carried.Before!, carried.Events);
    }

    public async Task<bool> Delete(string name, CancellationToken cancel)
    {
        var ids = _reader.StudyIds().Where(id => StudyId.NameOf(id) == name).ToList();
        foreach (var id in ids)
        {
            _open.TryRemove(id, out _);
            _node.ForgetAskers(id);
            await _node.CloseStudy(id).ConfigureAwait(false);
            StoreJournals.Remove(id, _location, _node.Store, _blobs);
        }

        return ids.Count > 0;
    }

    public async Task<(StudyView Study, bool Created)> Submit(StudySpec spec, bool fresh, CancellationToken cancel)
    {
        spec = Resolve(spec);
        // Two that submit one name at a time: the second goes on with what the first created.
        await _creating.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var plan = RunPlan.For(spec, State(spec.Name), fresh, Warm);
            if (plan.Finished is { } finished)
            {
                return (StudyViewBuilder.Study(finished), false);
            }

            if (spec.Data?.Sha256 is { } data)
            {
                _blobs.Put(plan.StudyId, _blobs.Get(data));
                _blobs.Release(Uploads, data);
            }

            var created = plan.First is [CreateStudy];
            var carried = await Carry(plan.StudyId, plan.First, cancel).ConfigureAwait(false);
            return (StudyViewBuilder.Study(carried.After!), created);
        }
        finally
        {
            _creating.Release();
        }
    }

    public IReadOnlyList<StudyLoad> Load => [.. _open.Values.Select(open => open.State).OfType<StudyState>().Select(state => new StudyLoad(state.Spec.Name, StudyViewBuilder.Counts(state), Backlog.Of(state)))];

    public async Task<IReadOnlyList<WorkerView>> Workers(CancellationToken cancel) =>
        [.. (await _node.Workers().ConfigureAwait(false))
            .OrderBy(w => w.Beat.Worker, StringComparer.Ordinal)
            .Select(w => new WorkerView(w.Beat.Worker, w.Beat.Incarnation, w.Beat.Slots, w.Beat.Held.Count, w.Age))];

    public async Task Ready(CancellationToken cancel)
    {
        _reader.StudyIds();
        await _node.Workers().ConfigureAwait(false);
    }

    public Task<bool> DrainWorker(string name, CancellationToken cancel) => _node.DrainWorker(name);

    public Task<IAsyncEnumerable<NumberedEvent>?> Events(string name, long after, CancellationToken cancel) =>
        Task.FromResult(Current(name) is { } id ? Follow(id, after, cancel) : null);

    public Task<SearchSpace?> Space(string name, CancellationToken cancel) => Task.FromResult(State(name)?.Spec.Space);

    public Task PutBlob(string sha256, byte[] content, string? owner, CancellationToken cancel)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(content)) is var hash && hash != sha256)
        {
            throw new InvalidDataException($"The content has the hash {hash}, not {sha256}.");
        }

        if (owner is not null && CheckpointOwner.Parse(owner) is { } checkpoint)
        {
            _blobs.Replace(checkpoint, content);
        }
        else
        {
            _blobs.Put(owner ?? Uploads, content);
        }

        return Task.CompletedTask;
    }

    public Task<byte[]?> GetBlob(string sha256, CancellationToken cancel) => Task.FromResult(_blobs.Contains(sha256) ? _blobs.Get(sha256) : null);

    public Task<bool> HasBlob(string sha256, CancellationToken cancel) => Task.FromResult(_blobs.Contains(sha256));

    public Task<IReadOnlyList<string>> CheckpointBlobs(CheckpointOwner owner, CancellationToken cancel) => Task.FromResult(_blobs.OwnedBy(owner.ToString()));

    public Task ReleaseCheckpoint(CheckpointOwner owner, string sha256, CancellationToken cancel)
    {
        _blobs.Release(owner.ToString(), sha256);
        return Task.CompletedTask;
    }

    private StudySpec Resolve(StudySpec spec)
    {
        if (spec.Data is not { } data)
        {
            return spec;
        }

        if (data.Sha256 is not { } sha || !_blobs.Contains(sha))
        {
            throw new SpecException([new SpecError(
                "data.sha256",
                data.Sha256 is null ? "a study that is submitted names its data by hash" : $"no data set with the hash {data.Sha256} has been uploaded",
                "PUT /api/v1/blobs/SHA256 with the file's bytes, then submit the study with data.sha256; 'tuning submit FILE --to URL' does both")]);
        }

        return StudyFile.Resolved(spec, _inspector.Resolve(data, _blobs.Get(sha)));
    }

    private WarmStart Warm(StudySpec spec) =>
        spec.WarmStart!.Study is not { } name
            ? throw new SpecException([new SpecError("warm_start.csv", "a study that is submitted cannot read a table", "warm_start: { study: NAME } with a study of the cluster; or 'tuning run' the file")])
            : WarmStart.From(spec, name, _reader.StudyIds().Select(StudyId.NameOf), State(name));

    private string? Current(string name) => StudyId.Current(_reader.StudyIds(), name);

    private StudyState? State(string name) => Current(name) is { } id ? Fold(id) : null;

    /// <summary>From memory where it is open. Null for an id whose first event is not committed yet.</summary>
    private StudyState? Fold(string id) =>
        _open.TryGetValue(id, out var open) && open.State is { } state ? state : _reader.Read(id).Aggregate((StudyState?)null, Study.Apply);

    private async Task<StudyState?> Known(string name, CancellationToken cancel)
    {
        if (State(name) is not { Phase: not StudyPhase.Finished } state)
        {
            return State(name);
        }

        await Attach(state.Id, cancel).ConfigureAwait(false);
        return Fold(state.Id);
    }

    private async Task<StudyState> Fresh(string id, CancellationToken cancel) => (await Carry(id, [new LookAtClock()], cancel).ConfigureAwait(false)).After
        ?? throw new ConflictException($"study '{StudyId.NameOf(id)}' has been deleted", "Submit it again.");

    private async Task<Carried> Carry(string id, IReadOnlyList<StudyCommand> commands, CancellationToken cancel)
    {
        var open = Open(id);
        var carried = await _node.Ask(id, commands, cancel).ConfigureAwait(false);
        if (carried.After is { } after)
        {
            // Who acts and looks sees what came of it.
            open.Update(after, []);
        }

        return carried;
    }

    private OpenStudy Open(string id) => _open.GetOrAdd(id, _ =>
    {
        var open = new OpenStudy();
        Task.Run(() => Watch(id, open));
        return open;
    });

    private async Task Watch(string id, OpenStudy open)
    {
        // Whatever ended its actor (a store that cannot be written for a while), the study goes on by itself when it can.
        while (IsOpen(id, open))
        {
            try
            {
                await foreach (var update in _node.OpenStudy(id, []).ReadAllAsync(_end).ConfigureAwait(false))
                {
                    if (update is StudyUpdate.Changed changed)
                    {
                        if (changed.Events.Count == 0 && changed.State.Spec.Objective.Kind == ObjectiveKind.External)
                        {
                            _node.SeatAskers(changed.State);
                        }

                        open.Update(changed.State, changed.Events);
                    }
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                Log.Error(e, "Study {Study} cannot go on: {Reason}. It is tried again in {Seconds} s", id, e.Message, Again.TotalSeconds);
            }

            if (IsOpen(id, open))
            {
                await Task.Delay(Again, _time, _end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        open.End();
    }

    private bool IsOpen(string id, OpenStudy open) => !_end.IsCancellationRequested && _open.TryGetValue(id, out var known) && ReferenceEquals(known, open);

    private async IAsyncEnumerable<NumberedEvent> Follow(string id, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        // First the ear, then the journal: nothing falls between.
        var live = _open.TryGetValue(id, out var open) ? open.Subscribe() : null;
        try
        {
            foreach (var e in _reader.Read(id, after + 1))
            {
                yield return new NumberedEvent(++after, e);
            }

            if (live is null)
            {
                yield break;
            }

            await foreach (var e in live.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                if (e.Sequence > after)
                {
                    after = e.Sequence;
                    yield return e;
                }
            }
        }
        finally
        {
            if (live is not null)
            {
                open!.Leave(live);
            }
        }
    }

    /// <summary>A study whose actor runs: its newest state, and who listens.</summary>
    private sealed class OpenStudy
    {
        private readonly Lock _lock = new();
        private readonly List<Channel<NumberedEvent>> _viewers = [];
        private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _ended;

        public StudyState? State { get; private set; }

        /// <summary>Done once there is a state, or there will be none.</summary>
        public Task Known => _known.Task;

        public void Update(StudyState state, IReadOnlyList<StudyEvent> events)
        {
            lock (_lock)
            {
                if (State is null || state.Sequence >= State.Sequence)
                {
                    State = state;
                    _known.TrySetResult();
                }

                var first = state.Sequence - events.Count + 1;
                foreach (var viewer in _viewers.ToList())
                {
                    if (events.Index().Any(e => !viewer.Writer.TryWrite(new NumberedEvent(first + e.Index, e.Item))))
                    {
                        viewer.Writer.TryComplete();
                        _viewers.Remove(viewer);
                    }
                }
            }
        }

        public Channel<NumberedEvent> Subscribe()
        {
            var viewer = Channel.CreateBounded<NumberedEvent>(MostUnread);
            lock (_lock)
            {
                _viewers.Add(viewer);
                if (_ended)
                {
                    viewer.Writer.TryComplete();
                }
            }

            return viewer;
        }

        public void Leave(Channel<NumberedEvent> viewer)
        {
            lock (_lock)
            {
                _viewers.Remove(viewer);
            }
        }

        public void End()
        {
            lock (_lock)
            {
                _ended = true;
                _known.TrySetResult();
                _viewers.ForEach(v => v.Writer.TryComplete());
            }
        }
    }
}
