namespace TuningCluster.TestKit.Simulation;

/// <summary>Mistakes in the protocol that the simulation can be asked to make, to show that its checks would notice them.</summary>
/// <remarks>All of them live in the simulated shells, none in the product.</remarks>
public enum PlantedBug
{
    None,

    /// <summary>The coordinator acknowledges an outcome when it arrives, not when it is in the journal.</summary>
    AcknowledgesBeforeDurable,

    /// <summary>The coordinator sends a lease while it is still being written.</summary>
    LeasesBeforeDurable,

    /// <summary>An outcome counts for whichever attempt at its trial is running.</summary>
    ForgetsFencing,

    /// <summary>A worker's next process is taken for its predecessor.</summary>
    ForgetsIncarnations,

    /// <summary>A lease goes to whichever process bears the worker's name by now.</summary>
    SendsLeaseToSuccessor,

    /// <summary>A worker is given three times what it can hold.</summary>
    GrantsBeyondCapacity,

    /// <summary>Cancelled trials use up the budget after a restart.</summary>
    CountsCancelledTrials,

    /// <summary>A restarted coordinator gives running trials out as if nobody held them.</summary>
    ForgetsLeasesOnRestart,

    /// <summary>Leases go on lapsing while the journal stalls.</summary>
    LapsesDuringStalls,

    /// <summary>Leases go on lapsing while the coordinator is paused.</summary>
    LapsesDuringPauses,

    /// <summary>A repeated lease bears a new lease id.</summary>
    ResendsUnderNewLease,

    /// <summary>Suggestions that come too late are renumbered instead of dropped.</summary>
    RenumbersLateSuggestions,

    /// <summary>A worker forgets an outcome once it has sent it.</summary>
    ForgetsOutcomeBeforeAcknowledged,

    /// <summary>A worker sends an outcome once and waits for the answer.</summary>
    SendsOutcomeOnce,

    /// <summary>A worker trains a repeated lease again.</summary>
    TrainsRepeatedLease,

    /// <summary>Beats say nothing about the attempts held.</summary>
    BeatsRenewNothing,

    /// <summary>A scoring whose result came too late counts as still under way.</summary>
    WaitsForScoringForEver,

    /// <summary>The last event before a snapshot is not in it.</summary>
    SnapshotMissesAnEvent,

    /// <summary>What a trial may still go on from is swept.</summary>
    SweepsWhatIsNeeded,
}
