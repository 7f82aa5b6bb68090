namespace TuningCluster.Coordinator.Views;

/// <summary>Which of several coordinators answers for all.</summary>
public interface IStandby
{
    /// <summary>This one.</summary>
    bool IsActive { get; }

    /// <summary>Where the active one's API is; null when nobody says so in time.</summary>
    Task<Uri?> FindActive(CancellationToken cancel);
}
