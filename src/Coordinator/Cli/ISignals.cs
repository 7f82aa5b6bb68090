using System.Runtime.InteropServices;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Requests from outside to end: Ctrl-C and SIGTERM.</summary>
public interface ISignals
{
    /// <param name="onSignal">Called for each; returns whether it is dealt with. When not, the process ends at once.</param>
    IDisposable Listen(Func<bool> onSignal);
}

/// <summary>The signals of this process.</summary>
public sealed class ProcessSignals : ISignals
{
    public static readonly ProcessSignals Instance = new();

    private ProcessSignals()
    {
    }

    public IDisposable Listen(Func<bool> onSignal) => new Registration(onSignal);

    private sealed class Registration : IDisposable
    {
        private readonly PosixSignalRegistration _interrupt;
        private readonly PosixSignalRegistration _terminate;

        public Registration(Func<bool> onSignal)
        {
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = onSignal());
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = onSignal());
        }

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
        }
    }
}
