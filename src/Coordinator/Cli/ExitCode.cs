namespace TuningCluster.Coordinator.Cli;

/// <summary>What the process tells its caller. A contract: scripts branch on these.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int InternalError = 1;
    public const int BadInput = 2;

    /// <summary>The study has no usable trial.</summary>
    public const int NoUsableTrial = 3;

    /// <summary>Storage not reachable, or another process's.</summary>
    public const int Storage = 4;

    /// <summary>Drained and saved; the same command goes on.</summary>
    public const int Interrupted = 130;
}
