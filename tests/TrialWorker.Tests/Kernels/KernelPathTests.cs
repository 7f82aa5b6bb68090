using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class KernelPathTests(ITestOutputHelper output)
{
    [Fact]
    public void Switches_of_the_environment_take()
    {
        output.WriteLine($"Kernels: {KernelPath.Name}; 256-bit vectors in hardware: {Vector256.IsHardwareAccelerated}.");
        var asked = Environment.GetEnvironmentVariable(KernelPath.Variable);
        if (IsOff("DOTNET_EnableHWIntrinsic") || IsOff("DOTNET_EnableAVX2"))
        {
            Assert.False(Vector256.IsHardwareAccelerated);
            Assert.Equal(asked == "vector" ? "vector" : "reference", KernelPath.Name);
        }

        Assert.True(asked is null or "vector" or "reference");
        Assert.Equal(asked == "reference", asked is not null && !KernelPath.IsVectorized);
        Assert.Equal(!KernelPath.IsVectorized, KernelPath.Name == "reference");
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    public void Pads_rows_to_whole_tiles(int width, int padded) => Assert.Equal(padded, KernelPath.Pad(width));

    [Fact]
    public void Buffers_start_on_a_cache_line_and_are_zero()
    {
        foreach (var length in new[] { 0, 1, 15, 16, 1000 })
        {
            var buffer = new AlignedBuffer(length);
            Assert.Equal(length, buffer.Span.Length);
            Assert.All(buffer.Span.ToArray(), x => Assert.Equal(0, x));
            unsafe
            {
                fixed (float* start = buffer.Span)
                {
                    Assert.Equal(0, (long)start % 64);
                }
            }
        }
    }

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";
}
