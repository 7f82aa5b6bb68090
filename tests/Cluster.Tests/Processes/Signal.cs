using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>POSIX signals by their numbers, which are the same on Linux and macOS.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>Sends signals.</summary>
internal static partial class Signals
{
    public static void Send(int processId, Signal signal)
    {
        if (Kill(processId, (int)signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>A shell without job control starts what it puts in the background deaf to Ctrl-C, and its children inherit that.</summary>
    public static void HearInterrupts()
    {
        if (File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
            && (ulong.Parse(ignored["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << ((int)Signal.Interrupt - 1))) != 0)
        {
            const nint defaultAction = 0;
            _ = SetAction((int)Signal.Interrupt, defaultAction);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static partial nint SetAction(int signal, nint action);
}
