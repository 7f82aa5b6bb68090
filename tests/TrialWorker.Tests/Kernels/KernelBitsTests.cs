namespace TuningCluster.TrialWorker.Tests.Kernels;

public class KernelBitsTests
{
    /// <summary>Run by <see cref="SwitchesTests"/>, in the processes they start.</summary>
    [Fact(Explicit = true)]
    public void Gives_the_bits_of_the_process_that_started_it()
    {
        var want = Environment.GetEnvironmentVariable(KernelBits.Variable);
        Assert.False(string.IsNullOrEmpty(want));
        Assert.Equal(want, KernelBits.Fingerprint());
    }
}
