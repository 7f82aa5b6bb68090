namespace TuningCluster.TestKit.Simulation;

/// <summary>Something that goes wrong at a moment.</summary>
public abstract record Fault(TimeSpan At)
{
    /// <summary>May end a lease or hide a worker; the others must not.</summary>
    public virtual bool HurtsWorkers => false;

    /// <param name="Back">When its next process starts; null for never.</param>
    public sealed record WorkerCrash(TimeSpan At, int Worker, TimeSpan? Back) : Fault(At)
    {
        public override bool HurtsWorkers => true;
    }

    /// <param name="Back">When its next process starts, from the end of the drain; null for never.</param>
    public sealed record WorkerDrain(TimeSpan At, int Worker, TimeSpan? Back) : Fault(At)
    {
        public override bool HurtsWorkers => true;
    }

    /// <param name="Held">Messages are held up and come all at once afterwards; else they are lost.</param>
    public sealed record Partition(TimeSpan At, int Worker, TimeSpan Length, bool Held) : Fault(At)
    {
        public override bool HurtsWorkers => true;
    }

    /// <summary>The next write takes long.</summary>
    public sealed record JournalStall(TimeSpan At, TimeSpan Length) : Fault(At);

    /// <summary>The coordinator's process stands still; what arrives waits.</summary>
    public sealed record CoordinatorPause(TimeSpan At, TimeSpan Length) : Fault(At);

    /// <summary>A write in flight is durable or lost as a whole. A local worker dies too.</summary>
    public sealed record CoordinatorCrash(TimeSpan At, TimeSpan Back) : Fault(At);

    /// <summary>A crash that also loses the last committed transactions: SQLite with <c>synchronous=NORMAL</c>, or a store that fell back to a replica.</summary>
    public sealed record LostTail(TimeSpan At, TimeSpan Back, int Transactions) : Fault(At);

    /// <summary>A local run is interrupted: nothing more is given out, everything is handed back, the process ends.</summary>
    public sealed record LocalDrain(TimeSpan At, TimeSpan Back) : Fault(At);

    /// <summary>The wall clock is set.</summary>
    public sealed record ClockJump(TimeSpan At, TimeSpan By) : Fault(At);
}
