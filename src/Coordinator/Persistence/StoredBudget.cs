using TuningCluster.Shared.Studies;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Budget and limits, to <c>journal.proto</c> and back.</summary>
internal static class StoredBudget
{
    public static Stored.Budget Write(BudgetSpec budget)
    {
        var written = new Stored.Budget();
        if (budget.Trials is { } trials)
        {
            written.Trials = trials;
        }

        if (budget.Time is { } time)
        {
            written.Time = time.Ticks;
        }

        if (budget.Target is { } target)
        {
            written.Target = target;
        }

        if (budget.Patience is { } patience)
        {
            written.Patience = patience;
        }

        if (budget.Failures is { } failures)
        {
            written.Failures = failures;
        }

        return written;
    }

    public static BudgetSpec Read(Stored.Budget? written)
    {
        var budget = Required(written, "budget");
        return new BudgetSpec(
            budget.HasTrials ? budget.Trials : null,
            budget.HasTime ? TimeSpan.FromTicks(budget.Time) : null,
            budget.HasTarget ? budget.Target : null,
            budget.HasPatience ? budget.Patience : null,
            budget.HasFailures ? budget.Failures : null);
    }

    public static Stored.Limits Write(LimitsSpec limits)
    {
        var written = new Stored.Limits();
        if (limits.Time is { } time)
        {
            written.Time = time.Ticks;
        }

        if (limits.MemoryBytes is { } bytes)
        {
            written.MemoryBytes = bytes;
        }

        return written;
    }

    public static LimitsSpec Read(Stored.Limits? written)
    {
        var limits = Required(written, "limits");
        return new LimitsSpec(limits.HasTime ? TimeSpan.FromTicks(limits.Time) : null, limits.HasMemoryBytes ? limits.MemoryBytes : null);
    }
}
