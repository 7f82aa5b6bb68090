namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>A test that starts processes: gives out working directories and clears up behind them.</summary>
public abstract class ProcessTests : IAsyncDisposable
{
    private readonly List<Workspace> _workspaces = [];

    private protected Workspace NewWorkspace()
    {
        var workspace = new Workspace();
        _workspaces.Add(workspace);
        return workspace;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var workspace in _workspaces)
        {
            await workspace.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
