using System.Globalization;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>A study over recorded curves, decided by the engine the coordinator runs: trials are set aside, judged and let go on as in a real one.</summary>
/// <remarks>One slot, no actors, no clock. A segment goes on where its trial was set aside, as a worker does that has the checkpoint: no step is trained twice.</remarks>
internal sealed class EngineStudy
{
    private const string Id = "early-stop.1.00000000";
    private const string Worker = "bench";
    private const string Incarnation = "0000000000000001";

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly CurveDeck _deck;
    private readonly Spending _spending;
    private readonly Dictionary<int, double[]> _curves = [];
    private readonly Queue<SendRun> _runs = [];
    private readonly ISampler _sampler;
    private readonly string _settingsHash;
    private readonly StudyEngine _engine;

    private EngineStudy(StoppingRule rule, CurveTable table, int seed, int budget)
    {
        _deck = new CurveDeck(table, rule.Learns);
        _spending = new Spending(budget);
        var spec = rule.Spec(_deck, table.Steps, table.Curves.Length, seed);
        _sampler = SamplerFactory.Create(spec);
        _settingsHash = SettingsHash.Of(spec);
        var leases = 0;
        _engine = new StudyEngine(
            null,
            new EngineOptions(EngineOptions.DefaultLease, _sampler.Size, _sampler.Learns, PrunerFactory.Create(spec)),
            () => (++leases).ToString("x16", CultureInfo.InvariantCulture));
        _engine.Submit(new CreateStudy(Id, spec));
        _engine.Submit(new SeeWorker(new WorkerBeat(Worker, Incarnation, Slots: 1, []), Local: true));
    }

    /// <summary>The least loss after each curve point that was paid for.</summary>
    /// <param name="rule">Of ours.</param>
    /// <param name="table">Whose rows are trained.</param>
    /// <param name="seed">Of the study.</param>
    /// <param name="budget">Curve points.</param>
    /// <returns>Shape [<paramref name="budget"/>]; +∞ before the first value.</returns>
    /// <exception cref="BenchmarkException">The study stands still.</exception>
    public static double[] Run(StoppingRule rule, CurveTable table, int seed, int budget)
    {
        var study = new EngineStudy(rule, table, seed, budget);
        while (!study._spending.IsOver && study.Step())
        {
        }

        return study._spending.Incumbents();
    }

    /// <summary>One segment of a trial, or one suggestion.</summary>
    /// <returns>False when the study is over.</returns>
    private bool Step()
    {
        while (_engine.Next(Now) is not null)
        {
            foreach (var run in _engine.Commit().Effects.OfType<SendRun>())
            {
                _runs.Enqueue(run);
            }
        }

        if (_runs.TryDequeue(out var next))
        {
            _engine.Submit(new TakeOutcome(new ReportOutcome(Worker, next.Key, Train(next))));
            return true;
        }

        if (_engine.ReadyToFinish(Now) is not null)
        {
            return false;
        }

        _engine.Submit(_engine.SuggestionsWanted(Now) is > 0 and var wanted
            ? Suggesting.Draw(_engine.State!, _sampler, _settingsHash, wanted)
            : throw new BenchmarkException($"The study stands still after {_spending.Spent} curve points: nothing runs and nothing is wanted."));
        return true;
    }

    private TrialOutcome Train(SendRun run)
    {
        var number = run.Key.Number;
        if (!_curves.TryGetValue(number, out var curve))
        {
            _curves.Add(number, curve = _deck.Take(run.Parameters));
        }

        var last = Math.Min(run.Until ?? curve.Length, curve.Length);
        var trained = new List<IntermediateValue>(_engine.State!.Trials[number].Curve);
        for (var step = trained.Count + 1; step <= last; step++)
        {
            var loss = curve[step - 1];
            _spending.Pay(loss);
            if (!double.IsFinite(loss))
            {
                return new TrialOutcome.Diverged(step, "the loss is not finite") { Curve = trained };
            }

            trained.Add(new IntermediateValue(step, loss));
        }

        return last < curve.Length ? new TrialOutcome.Paused(last) { Curve = trained } : new TrialOutcome.Completed(curve[^1], Model: null) { Curve = trained };
    }
}
