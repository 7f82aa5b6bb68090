using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Shared.Protocol;

/// <summary>A message between nodes; each has a permanent manifest in <c>Serialization.WireManifests</c>.</summary>
public interface IWireMessage;

/// <summary>The fencing token of an attempt. The lease id makes it unique even when a lost journal tail makes a number be issued twice.</summary>
/// <param name="Study">The study's internal id.</param>
/// <param name="Number">Trial number, from 0.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Lease">Random, 16 hexadecimal digits.</param>
public sealed record AttemptKey(string Study, int Number, int Attempt, string Lease);

/// <summary>An attempt the worker holds: queued, training, or finished and not yet acknowledged.</summary>
/// <param name="Step">The last step reported; 0 before the first.</param>
public sealed record HeldAttempt(AttemptKey Key, int Step);

/// <summary>Worker → coordinator, every few seconds and at once when a slot becomes free: renews leases, asks for work, keeps the answer tunnel open.</summary>
/// <param name="Worker">Stable over restarts.</param>
/// <param name="Incarnation">New with each process; ends the predecessor's leases.</param>
/// <param name="Slots">How many attempts it runs at a time; 0 while it drains.</param>
public sealed record WorkerBeat(string Worker, string Incarnation, int Slots, IReadOnlyList<HeldAttempt> Held) : IWireMessage;

/// <summary>Coordinator → worker: train. Sent again while a beat does not list it; a worker that knows the lease ignores it.</summary>
/// <param name="Spec">The study file in its canonical form (see <c>StudyFile.Write</c>), without <c>enqueue</c>.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Incumbent">Best value so far; weights worse than it need not be kept.</param>
/// <param name="Until">The step at which it is to be set aside with a checkpoint; null to train to the end.</param>
/// <param name="Segment">The part of the steps it trains, and from whose weights; null for all of them.</param>
public sealed record RunTrial(
    AttemptKey Key, string Spec, long Seed, TrialParameters Parameters, double? Incumbent, int? Until = null, TrialSegment? Segment = null) : IWireMessage;

public enum StopReason
{
    /// <summary>The study ended or the user cancelled the trial.</summary>
    Cancelled,

    /// <summary>Another attempt at the trial counts, or the trial is finished.</summary>
    Superseded,

    /// <summary>The pruner stopped it: report the outcome as pruned.</summary>
    Pruned,
}

/// <summary>Coordinator → worker: stop within a mini-batch. Cancelled and superseded attempts are forgotten without an outcome. Of a pruned
/// trial that the worker has set aside it lets go of the checkpoint.</summary>
public sealed record StopTrial(AttemptKey Key, StopReason Reason) : IWireMessage;

/// <summary>Coordinator → worker: nothing will go on from what the trials below a number left. Repeats, losses and delays do no harm: the number only rises.</summary>
public sealed record SweepCheckpoints(string Study, int Below) : IWireMessage;

/// <summary>Coordinator → worker: hand back what you hold and take nothing more, as at SIGTERM.</summary>
public sealed record DrainWorker : IWireMessage;

/// <summary>Coordinator → worker, at its first beat.</summary>
/// <param name="Blobs">URL of the coordinator's HTTP API, which serves data sets and takes weights.</param>
public sealed record WelcomeWorker(string Blobs) : IWireMessage;

/// <summary>Worker → coordinator: intermediate values since the last batch. Lost ones come again with the outcome's curve.</summary>
public sealed record ReportValues(string Worker, AttemptKey Key, IReadOnlyList<IntermediateValue> Values) : IWireMessage;

/// <summary>Worker → coordinator, again and again until acknowledged.</summary>
public sealed record ReportOutcome(string Worker, AttemptKey Key, TrialOutcome Outcome) : IWireMessage;

/// <summary>Coordinator → worker: the outcome is in the journal, or does not count; either way, forget it.</summary>
public sealed record AcknowledgeOutcome(AttemptKey Key) : IWireMessage;
