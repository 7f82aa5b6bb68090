using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Actors;

/// <summary>Starts the actor of a study and has it carry out <paramref name="First"/> once it has recovered.</summary>
/// <param name="Watcher">Hears everything from the recovered state on; null for none.</param>
public sealed record OpenStudy(string Id, IReadOnlyList<StudyCommand> First, ChannelWriter<StudyUpdate>? Watcher) : INoSerializationVerificationNeeded;

/// <summary>No more trials are given out; answered with <see cref="DrainBegun"/>.</summary>
public sealed record BeginDrain : INoSerializationVerificationNeeded;

public sealed record DrainBegun : INoSerializationVerificationNeeded;

/// <summary>Sent to the coordinator by a study: the newest known way to the worker is the coordinator's to know.</summary>
/// <param name="Incarnation">Only to this process; null for whichever bears the name now.</param>
public sealed record Deliver(string Worker, string? Incarnation, IWireMessage Message) : INoSerializationVerificationNeeded;

/// <summary>A study's last word to the coordinator.</summary>
/// <param name="Failure">Why it cannot go on; null when it was told to stop.</param>
public sealed record StudyEnded(string Id, Exception? Failure) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>The singleton hands over or ends: studies stop once what they are writing is in the journal.</summary>
public sealed record StopCoordinator : INoSerializationVerificationNeeded
{
    public static readonly StopCoordinator Instance = new();
}

/// <summary>What a watcher of a study hears, in order.</summary>
public abstract record StudyUpdate
{
    /// <param name="State">After <paramref name="Events"/>.</param>
    /// <param name="Events">Empty for the first update, which tells the recovered state.</param>
    public sealed record Changed(StudyState State, IReadOnlyList<StudyEvent> Events) : StudyUpdate;

    public sealed record Progressed(int Number, int Attempt, IReadOnlyList<IntermediateValue> Values) : StudyUpdate;

    /// <summary>Something the user should know that is no event.</summary>
    public sealed record Noted(string Line) : StudyUpdate;
}
