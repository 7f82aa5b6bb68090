namespace TuningCluster.Shared.Security;

/// <summary>What a certificate lets its bearer be.</summary>
public enum NodeRole
{
    /// <summary>Holds studies.</summary>
    Coordinator,

    /// <summary>Trains trials.</summary>
    Worker,
}
