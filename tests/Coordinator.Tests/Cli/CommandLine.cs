using TuningCluster.Coordinator.Cli;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Cli;

/// <summary>The whole command line in this process: streams, store, data and runs are stand-ins.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tuning-cli-").FullName;

    /// <summary>The studies of the store.</summary>
    public List<StudyState> Store { get; } = [];

    public Dictionary<string, AuditReport> Audits { get; } = [];

    public Dictionary<string, ReplayReport> Replays { get; } = [];

    public Dictionary<string, IReadOnlyList<ParameterShare>> Shares { get; } = [];

    /// <summary>What opening the store throws.</summary>
    public Exception? StoreFault { get; set; }

    /// <summary>What a run does.</summary>
    public Func<RunRequest, IRunObserver, CancellationToken, Task<RunResult>> Run { get; set; } =
        (_, _, _) => throw new InvalidOperationException("No run was expected.");

    public Func<DataSpec, ResolvedData> Resolve { get; set; } = spec =>
        new ResolvedData(spec with { Sha256 = new string('0', 64), Task = LearningTask.Classification }, [], 1797, 64, 0, 10, 467_220, []);

    public ManualSignals Signals { get; } = new();

    public string Typed { get; set; } = "";

    public bool CanAsk { get; set; }

    public bool Debug { get; set; }

    public string? OpenedUrl { get; private set; }

    public List<(string Study, StudyAction Action)> Acted { get; } = [];

    public List<string> Deleted { get; } = [];

    public Dictionary<string, RetryReport> Retries { get; } = [];

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string[] OutLines => Out.TrimEnd().ReplaceLineEndings("\n").Split('\n');

    public async Task<int> Invoke(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var services = new CliServices
        {
            OpenStore = url =>
            {
                OpenedUrl = url;
                return StoreFault is null ? new Gateway(this) : throw StoreFault;
            },
            RunHost = () => new Host(this),
            RunCoordinator = (_, _) => throw new NotSupportedException("No node is started here."),
            DataInspector = () => new Inspector(this),
            TrialTable = Coordinator.Hosting.TrialTable.Read,
            DemoStudy = () => DemoStudy.Text,
            WriteStudyFile = (name, source, target, _, task) => $"name: {name}\nsource: {source}\ntarget: {target}\ntask: {task}\n",
            Signals = Signals,
            WorkingDirectory = Directory,
        };
        var terminal = new Terminal(new StringReader(Typed), _out, _error) { CanAsk = CanAsk, Debug = Debug };
        return await TuningCommand.Invoke(arguments, services, terminal);
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Directory, name), text);
        return name;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    internal sealed class ManualSignals : ISignals, IDisposable
    {
        private Func<bool>? _onSignal;

        /// <returns>Whether it was dealt with.</returns>
        public bool Send() => _onSignal!();

        public IDisposable Listen(Func<bool> onSignal)
        {
            _onSignal = onSignal;
            return this;
        }

        public void Dispose() => _onSignal = null;
    }

    private sealed class Host(CommandLine line) : IRunHost
    {
        public Task<RunResult> Run(RunRequest request, IRunObserver observer, CancellationToken interrupt) => line.Run(request, observer, interrupt);
    }

    private sealed class Inspector(CommandLine line) : IDataInspector
    {
        public DataSummary Summarize(string path) => !File.Exists(path)
            ? throw new SpecException([new SpecError("data.source", $"there is no file '{path}'")])
            : new DataSummary(path, "00", 1797, [.. new[] { "p0", "p1", "label" }.Select(n => new ColumnSummary(n, ColumnKind.Numeric, 0, 10, []))], 21_564);

        public ResolvedData Resolve(DataSpec spec, string path) => line.Resolve(spec);

        public ResolvedData Resolve(DataSpec spec, byte[] content) => line.Resolve(spec);
    }

    private sealed class Gateway(CommandLine line) : IStudyGateway
    {
        public Task<IReadOnlyList<StudyView>> Studies(CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<StudyView>>([.. line.Store.Select(StudyViewBuilder.Study)]);

        public Task<StudyView?> Show(string name, CancellationToken cancel) => Task.FromResult(Find(name) is { } s ? StudyViewBuilder.Study(s) : null);

        public Task<IReadOnlyList<TrialView>?> Trials(string name, CancellationToken cancel) =>
            Task.FromResult(Find(name) is { } s ? StudyViewBuilder.Trials(s) : null);

        public Task<IReadOnlyList<ParameterShare>?> Importance(string name, CancellationToken cancel) => Task.FromResult(line.Shares.GetValueOrDefault(name));

        public Task<ReplayReport?> Replay(string name, CancellationToken cancel) => Task.FromResult(line.Replays.GetValueOrDefault(name));

        public Task<AuditReport?> Audit(string name, CancellationToken cancel) => Task.FromResult(line.Audits.GetValueOrDefault(name));

        public Task<RetryReport?> RetryFailed(string name, CancellationToken cancel) => Task.FromResult(line.Retries.GetValueOrDefault(name));

        public Task<StudyView?> Act(string name, StudyAction action, CancellationToken cancel)
        {
            if (Find(name) is not { } state)
            {
                return Task.FromResult<StudyView?>(null);
            }

            action.CommandFor(state);
            line.Acted.Add((name, action));
            return Task.FromResult<StudyView?>(StudyViewBuilder.Study(state));
        }

        public Task<bool> Delete(string name, CancellationToken cancel)
        {
            line.Deleted.Add(name);
            return Task.FromResult(true);
        }

        private StudyState? Find(string name) => line.Store.FirstOrDefault(s => s.Spec.Name == name);
    }
}
