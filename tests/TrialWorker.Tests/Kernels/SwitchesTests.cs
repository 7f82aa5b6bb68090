using System.Diagnostics;
using System.Runtime.InteropServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>The kernel tests once more, in processes whose vectors are narrower or none at all.</summary>
public class SwitchesTests
{
    private const string Room = "TuningCluster.TrialWorker.Tests.Kernels*";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Vector_kernels_pass_their_tests_where_the_hardware_lacks_their_instructions(string lacking) =>
        await RunKernelTests(lacking, "vector", "-explicit", "on");

    [Theory]
    [Trait("Lane", "Long")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task References_pass_them_too(string lacking) => await RunKernelTests(lacking, "reference");

    /// <summary>KernelPathTests are among them and fail where a switch did not take.</summary>
    private static async Task RunKernelTests(string lacking, string path, params string[] more)
    {
        Assert.SkipUnless(KernelPath.IsVectorized || path != "vector", "There are no bits to compare with.");
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "TrialWorker.Tests.exe" : "TrialWorker.Tests");

        string[] selection = ["-noLogo", "-noColor", "-namespace", Room, "-class-", "*SwitchesTests", .. more];
        var start = new ProcessStartInfo(program, selection) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment.Remove("DOTNET_EnableAVX2");
        start.Environment.Remove("DOTNET_EnableHWIntrinsic");
        start.Environment[lacking] = "0";
        start.Environment[KernelPath.Variable] = path;
        start.Environment[KernelBits.Variable] = KernelBits.Fingerprint();
        using var process = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(end.Token);
            var error = process.StandardError.ReadToEndAsync(end.Token);
            await process.WaitForExitAsync(end.Token);
            Assert.True(process.ExitCode == 0, $"{lacking}=0 {KernelPath.Variable}={path}: exit code {process.ExitCode}\n{await output}{await error}");
            Assert.Matches("Total: [1-9]", await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
