using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>What events and snapshots have in common, to <c>journal.proto</c> and back, bit for bit.</summary>
internal static class StoredValues
{
    public static long WriteTime(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks;

    public static DateTimeOffset ReadTime(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);

    public static string WriteSpec(StudySpec spec) => StudyFile.Write(spec);

    /// <exception cref="SpecException">The program no longer accepts what it once wrote.</exception>
    public static StudySpec ReadSpec(string text) => StudyFile.Parse(text, "journal").SpecOrThrow();

    public static Stored.Moment WriteMoment(StudyEvent e) => new() { At = WriteTime(e.At), Elapsed = e.Elapsed.Ticks };

    /// <summary>The same event, at the moment it was decided.</summary>
    public static T At<T>(this T e, Stored.Moment? written)
        where T : StudyEvent
    {
        var moment = Required(written, "moment");
        return e with { At = ReadTime(moment.At), Elapsed = TimeSpan.FromTicks(moment.Elapsed) };
    }

    public static Stored.ReleaseCause Write(ReleaseCause cause) => cause switch
    {
        ReleaseCause.WorkerLost => Stored.ReleaseCause.WorkerLost,
        ReleaseCause.LocalRestart => Stored.ReleaseCause.LocalRestart,
        ReleaseCause.Drained => Stored.ReleaseCause.Drained,
        ReleaseCause.TrainingError => Stored.ReleaseCause.TrainingError,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "Has no place in journal.proto."),
    };

    public static ReleaseCause Read(Stored.ReleaseCause written) => written switch
    {
        Stored.ReleaseCause.WorkerLost => ReleaseCause.WorkerLost,
        Stored.ReleaseCause.LocalRestart => ReleaseCause.LocalRestart,
        Stored.ReleaseCause.Drained => ReleaseCause.Drained,
        Stored.ReleaseCause.TrainingError => ReleaseCause.TrainingError,
        _ => throw Unknown("release cause", written),
    };

    public static Stored.FinishReason Write(FinishReason reason) => reason switch
    {
        FinishReason.TrialsDone => Stored.FinishReason.TrialsDone,
        FinishReason.SpaceExhausted => Stored.FinishReason.SpaceExhausted,
        FinishReason.TargetReached => Stored.FinishReason.TargetReached,
        FinishReason.TimeSpent => Stored.FinishReason.TimeSpent,
        FinishReason.PatienceSpent => Stored.FinishReason.PatienceSpent,
        FinishReason.TooManyFailures => Stored.FinishReason.TooManyFailures,
        FinishReason.Stopped => Stored.FinishReason.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Has no place in journal.proto."),
    };

    public static FinishReason Read(Stored.FinishReason written) => written switch
    {
        Stored.FinishReason.TrialsDone => FinishReason.TrialsDone,
        Stored.FinishReason.SpaceExhausted => FinishReason.SpaceExhausted,
        Stored.FinishReason.TargetReached => FinishReason.TargetReached,
        Stored.FinishReason.TimeSpent => FinishReason.TimeSpent,
        Stored.FinishReason.PatienceSpent => FinishReason.PatienceSpent,
        Stored.FinishReason.TooManyFailures => FinishReason.TooManyFailures,
        Stored.FinishReason.Stopped => FinishReason.Stopped,
        _ => throw Unknown("finish reason", written),
    };
}
