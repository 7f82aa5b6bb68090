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

/// <summary>Has a study carry out commands (≥ 1), starting its actor when need be; answered with <see cref="Carried"/> once what they led to is in the journal.</summary>
public sealed record AskStudy(string Id, IReadOnlyList<StudyCommand> Commands) : INoSerializationVerificationNeeded;

/// <param name="Before">Null when the study did not exist.</param>
/// <param name="After">Null when it does not exist now either.</param>
/// <param name="Events">Of the transaction that the commands were decided in; those of others may be among them.</param>
/// <param name="Wants">More trials could be started than have been, were there slots.</param>
public sealed record Carried(StudyState? Before, StudyState? After, IReadOnlyList<StudyEvent> Events, bool Wants) : INoSerializationVerificationNeeded;

/// <summary>Ends a study's actor; answered with <see cref="StudyClosed"/> once it is gone.</summary>
public sealed record CloseStudy(string Id) : INoSerializationVerificationNeeded;

public sealed record StudyClosed : INoSerializationVerificationNeeded;

/// <summary>Has a worker hand back what it holds and take nothing more; answered with whether there is one of that name.</summary>
public sealed record AskDrain(string Worker) : INoSerializationVerificationNeeded;

/// <summary>Where this coordinator's API is, from when it decides: workers are told, and coordinators that stand by.</summary>
public sealed record ServeApi(Uri Address) : INoSerializationVerificationNeeded;

/// <summary>Answered with a list of <see cref="WorkerStanding"/>.</summary>
public sealed record ListWorkers : INoSerializationVerificationNeeded;

/// <param name="Age">Since its last beat.</param>
public sealed record WorkerStanding(WorkerBeat Beat, TimeSpan Age);

/// <summary>No more trials are given out; answered with <see cref="DrainBegun"/>.</summary>
public sealed record BeginDrain : INoSerializationVerificationNeeded;

public sealed record DrainBegun : INoSerializationVerificationNeeded;

/// <summary>Sent to the coordinator by a study: the newest known way to the worker is the coordinator's to know.</summary>
/// <param name="Incarnation">Only to this process; null for whichever bears the name now.</param>
public sealed record Deliver(string Worker, string? Incarnation, IWireMessage Message) : INoSerializationVerificationNeeded;

/// <summary>A study says whether it could start more trials than it has; until it does, it is taken to.</summary>
public sealed record SlotsWanted(string Id, bool Wanted) : INoSerializationVerificationNeeded;

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
