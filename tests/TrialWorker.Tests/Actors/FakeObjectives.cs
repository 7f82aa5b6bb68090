using System.Collections.Concurrent;
using System.Threading.Channels;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Tests.Actors;

/// <summary>Objectives that a test holds in its hand: each started one comes out of <see cref="Started"/> and waits to be told what to do.</summary>
internal sealed class FakeObjectives : IObjectiveFactory
{
    private readonly Channel<Training> _started = Channel.CreateUnbounded<Training>();

    public ChannelReader<Training> Started => _started.Reader;

    /// <summary>Trials whose checkpoints were brought to where other workers find them, in that order.</summary>
    public ConcurrentQueue<int> Shared { get; } = [];

    /// <summary>Trials whose remains were given up, in that order.</summary>
    public List<int> Discarded { get; } = [];

    /// <summary>Numbers below which everything left was given up, in that order.</summary>
    public List<int> Swept { get; } = [];

    /// <summary>Thrown instead of making an objective.</summary>
    public Exception? Failure { get; set; }

    public IObjective Create(string studyId, StudySpec spec) => Failure is { } failure ? throw failure : new Objective(this, spec);

    public void Share(string studyId, int number) => Shared.Enqueue(number);

    public void Discard(string studyId, int number) => Discarded.Add(number);

    public void Sweep(string studyId, int below) => Swept.Add(below);

    /// <summary>One attempt that trains now.</summary>
    public sealed class Training(TrialJob job, StudySpec spec, Action<IntermediateValue> report, CancellationToken stop)
    {
        private readonly TaskCompletionSource<Func<TrialOutcome>> _end = new();

        public TrialJob Job { get; } = job;

        public StudySpec Spec { get; } = spec;

        public Thread Thread { get; } = Thread.CurrentThread;

        public CancellationToken Stop { get; } = stop;

        public void Report(int step, double value) => report(new IntermediateValue(step, value));

        public void End(TrialOutcome outcome) => _end.SetResult(() => outcome);

        public void Break(Exception error) => _end.SetResult(() => throw error);

        internal TrialOutcome Wait()
        {
            _end.Task.Wait(Stop);
            return _end.Task.Result();
        }
    }

    private sealed class Objective(FakeObjectives objectives, StudySpec spec) : IObjective
    {
        public TrialOutcome Run(TrialJob job, Action<IntermediateValue> report, CancellationToken stop)
        {
            var training = new Training(job, spec, report, stop);
            objectives._started.Writer.TryWrite(training);
            return training.Wait();
        }
    }
}
