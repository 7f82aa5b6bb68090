using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>A finished trial as a learning strategy sees it.</summary>
/// <param name="Number">The trial's number; negative when it is from before the study.</param>
/// <param name="Point">Coordinates in the unit cube, NaN where a parameter is not active; not to be written to.</param>
/// <param name="State">Complete, pruned, diverged or failed.</param>
/// <param name="Loss">To be minimized: the first objective, or its negative where the study maximizes; of a pruned trial the last value it reported
/// (NaN when it reported none); +∞ when it diverged; NaN when it failed, which says nothing about the point.</param>
/// <param name="Step">The last step that was reported; 0 when none was.</param>
public sealed record Observation(int Number, double[] Point, TrialState State, double Loss, int Step)
{
    /// <summary>Whether it is from before the study: its point has not been tried in it.</summary>
    public bool IsPrior => Number < 0;

    /// <summary>Every objective, to be minimized; empty unless complete; not to be written to.</summary>
    public double[] Losses { get; init; } = [];

    /// <summary>See <see cref="HistoryTrial.Violations"/>.</summary>
    public IReadOnlyList<double> Violations
    {
        get;
        init
        {
            (field, TotalViolation) = (value, Constraint.TotalViolation(value));
        }
    } = [];

    /// <summary>Sum of what is violated; 0 when nothing is known to be.</summary>
    public double TotalViolation { get; private init; }
}

/// <summary>The finished trials of a history as points of the unit cube, kept up to date from one suggestion to the next.</summary>
/// <remarks>Cancelled trials, and those the user enqueued outside the space, are left out. A memo: always what a fresh one would hold.</remarks>
public sealed class Observations(EncodedSpace space)
{
    private readonly List<Observation> _items = [];
    private readonly FinishedTrials _finished = new();

    public EncodedSpace Space => space;

    /// <summary>Those from before the study, then in the order in which the trials ended.</summary>
    public IReadOnlyList<Observation> Items => _items;

    /// <summary>Brings <see cref="Items"/> up to the history.</summary>
    /// <returns>Whether the items so far are the first ones still, so that what was computed from them stands.</returns>
    public bool Update(StudyHistory history)
    {
        var goesOn = _finished.GoesOn(history);
        if (!goesOn)
        {
            _items.Clear();
        }

        foreach (var trial in goesOn ? _finished.Unread(history) : history.Prior.Concat(_finished.Unread(history)))
        {
            if (Observe(trial, history.Objectives) is { } observation)
            {
                _items.Add(observation);
            }
        }

        return goesOn;
    }

    /// <summary>The points of the trials that are not final, by number.</summary>
    public List<double[]> Pending(StudyHistory history)
    {
        var pending = new List<double[]>(history.Open.Count);
        foreach (var number in history.Open)
        {
            var point = new double[space.Count];
            if (space.TryEncode(history.Trials[number].Parameters, point))
            {
                pending.Add(point);
            }
        }

        return pending;
    }

    private Observation? Observe(HistoryTrial trial, IReadOnlyList<Direction> objectives)
    {
        var point = new double[space.Count];
        if (trial.State == TrialState.Cancelled || !space.TryEncode(trial.Parameters, point))
        {
            return null;
        }

        var last = trial.Curve.Count > 0 ? trial.Curve[^1] : new IntermediateValue(0, double.NaN);
        var loss = trial.State switch
        {
            TrialState.Complete => trial.Value!.Value,
            TrialState.Pruned => last.Value,
            _ => double.NaN,
        };
        return new Observation(
            trial.Number, point, trial.State, trial.State == TrialState.Diverged ? double.PositiveInfinity : objectives[0].ToLoss(loss), last.Step)
        {
            Losses = [.. trial.Values.Zip(objectives, (value, direction) => direction.ToLoss(value))],
            Violations = trial.Violations,
        };
    }
}
