using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Pbt;

/// <summary>The members of a population as a history shows them: how far each has come, who of them are best after how many steps.</summary>
/// <remarks>
/// A member trains one trial after the other; its turns are those that were not cancelled. What a turn ended with is compared with what others had
/// after as many steps, as far as they have come, so that nobody waits for anybody. Trials without a segment are no one's.
/// A memo of the history: finished trials are looked at once a lineage.
/// </remarks>
public sealed class Population(PbtSettings settings)
{
    private readonly Member[] _members = new Member[settings.Members];
    private readonly SortedDictionary<int, List<Rank>> _complete = [];
    private readonly FinishedTrials _finished = new();

    public PbtSettings Settings => settings;

    /// <summary>The population of a study; null when its strategy has none.</summary>
    public static Population? Of(StudySpec spec) => spec.Strategy.Name == StrategySettings.Population ? new Population(PbtSettings.From(spec)) : null;

    /// <summary>How many trials could be suggested now. When nothing is open and every member is done it is 1: whoever asks for that trial hears that there is none.</summary>
    public int Ready(StudyHistory history)
    {
        Read(history);
        var ready = _members.Count(IsReady);
        return ready == 0 && history.Open.Count == 0 ? 1 : ready;
    }

    /// <summary>The member whose turn it is: the one with the fewest turns, of those that train nothing.</summary>
    /// <returns>Null when there is none.</returns>
    public int? Next(StudyHistory history)
    {
        Read(history);
        int? next = null;
        for (var i = 0; i < _members.Length; i++)
        {
            if (IsReady(_members[i]) && (next is not { } least || _members[i].Turns < _members[least].Turns))
            {
                next = i;
            }
        }

        return next;
    }

    /// <summary>The last trial of a member that trains nothing; null before its first.</summary>
    internal int? LastOf(int member) => _members[member].Last;

    /// <summary>The trials that were complete after a step, the best first.</summary>
    internal IReadOnlyList<Rank> After(int step) => _complete.TryGetValue(step, out var ranks) ? ranks : [];

    /// <summary>How many of so many members are the best, and how many the worst; none of one.</summary>
    internal int Share(int count) => Math.Min((int)Math.Ceiling(settings.Quantile * count), count / 2);

    /// <summary>Nothing will go on from the trials with lower numbers, which all have ended, whatever happens to those that are open. What was once not needed never is again.</summary>
    /// <remarks>A member goes on from a trial that ended where its last one did, or, when that one failed, where it began.</remarks>
    public int OldestNeeded(StudyHistory history)
    {
        Read(history);
        var floor = int.MaxValue;
        foreach (var member in _members)
        {
            if (member.Turns < settings.Turns || member.IsOpen)
            {
                // A suggestion may be on its way that was drawn before anybody had come as far as a member whose trial failed.
                floor = Math.Min(floor, member.OpenAt ?? (member.Completed ? member.EndedAt : member.BeganAt));
            }
        }

        var oldest = history.Trials.Count;
        foreach (var (step, ranks) in _complete)
        {
            if (step >= floor && step < settings.Steps)
            {
                oldest = Math.Min(oldest, ranks.Min(r => r.Number));
            }
        }

        foreach (var number in history.Open)
        {
            oldest = Math.Min(oldest, Math.Min(number, history.Trials[number].Segment?.Parent ?? number));
        }

        return oldest;
    }

    private bool IsReady(Member member) => !member.IsOpen && member.Turns < settings.Turns && GoesOnAt(member) < settings.Steps;

    /// <summary>The step from which a member goes on, whoever with.</summary>
    private int GoesOnAt(Member member) => member.Completed || After(member.EndedAt).Count > 0 ? member.EndedAt : member.BeganAt;

    private void Read(StudyHistory history)
    {
        if (!_finished.GoesOn(history))
        {
            Array.Clear(_members);
            _complete.Clear();
        }

        for (var i = 0; i < _members.Length; i++)
        {
            _members[i] = _members[i].Closed();
        }

        foreach (var trial in _finished.Unread(history))
        {
            if (trial is { State: not TrialState.Cancelled, Segment: { } segment })
            {
                _members[segment.Member] = _members[segment.Member].Ended(trial.Number, segment, trial.State == TrialState.Complete);
                if (trial is { State: TrialState.Complete, Value: { } value })
                {
                    Add(segment.Last, new Rank(trial.Number, Constraint.TotalViolation(trial.Violations), history.Direction.ToLoss(value)));
                }
            }
        }

        foreach (var number in history.Open)
        {
            if (history.Trials[number].Segment is { } segment)
            {
                _members[segment.Member] = _members[segment.Member].Opened(segment.Start);
            }
        }
    }

    private void Add(int step, Rank rank)
    {
        if (!_complete.TryGetValue(step, out var ranks))
        {
            _complete[step] = ranks = [];
        }

        var place = ranks.BinarySearch(rank);
        ranks.Insert(place < 0 ? ~place : place, rank);
    }

    /// <summary>A complete trial among those that ended after as many steps: those that violate no constraint by loss, then the others by how much they do (Deb 2000).</summary>
    internal readonly record struct Rank(int Number, double Violation, double Loss) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => (Violation, Loss, Number).CompareTo((other.Violation, other.Loss, other.Number));
    }

    /// <param name="Turns">Finished trials that were not cancelled.</param>
    /// <param name="Last">The last of them.</param>
    /// <param name="Completed">Whether that one is complete.</param>
    /// <param name="BeganAt">The step it began after.</param>
    /// <param name="EndedAt">The step it was to end at.</param>
    /// <param name="OpenAt">The start of the trial that is open; null when none is.</param>
    private readonly record struct Member(int Turns, int? Last, bool Completed, int BeganAt, int EndedAt, int? OpenAt)
    {
        public bool IsOpen => OpenAt is not null;

        public Member Closed() => this with { OpenAt = null };

        public Member Ended(int number, TrialSegment segment, bool completed) =>
            new(Turns + 1, number, completed, segment.Start, segment.Last, OpenAt);

        public Member Opened(int start) => this with { OpenAt = start };
    }
}
