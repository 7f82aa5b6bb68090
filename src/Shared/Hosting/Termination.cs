using System.Runtime.InteropServices;

namespace TuningCluster.Shared.Hosting;

/// <summary>The wish that a node ends: SIGTERM, Ctrl-C, or whoever else may ask for it. The process ends when the node has.</summary>
public sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _asked;
    private readonly PosixSignalRegistration[] _signals;

    /// <param name="cancel">Asks for it too.</param>
    public Termination(CancellationToken cancel)
    {
        _asked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take), PosixSignalRegistration.Create(PosixSignal.SIGINT, Take)];
    }

    public CancellationToken Token => _asked.Token;

    public void Ask() => _asked.Cancel();

    /// <summary>Returns when it is asked for.</summary>
    public async Task Asked() => await Task.Delay(Timeout.Infinite, _asked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _asked.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        Ask();
    }
}
