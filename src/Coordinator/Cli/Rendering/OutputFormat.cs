namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>How a verb prints its data.</summary>
public enum OutputFormat
{
    Table,
    Json,
    Yaml,
    Csv,
}
