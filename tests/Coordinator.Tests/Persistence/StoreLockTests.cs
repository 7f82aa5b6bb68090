using System.Diagnostics;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class StoreLockTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_second_writer_is_told_who_holds_the_store()
    {
        using var held = StoreLock.Acquire(_store.Location, "tuning run digits.yaml", TimeProvider.System);
        var refused = Assert.Throws<StoreException>(() => StoreLock.Acquire(_store.Location, "tuning run other.yaml", TimeProvider.System));
        Assert.Contains("'tuning run digits.yaml'", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_store.Location.DatabasePath, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
    }

    [Fact]
    public void It_can_be_taken_again_once_given_back()
    {
        StoreLock.Acquire(_store.Location, "first", TimeProvider.System).Dispose();
        StoreLock.Acquire(_store.Location, "second", TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task It_keeps_other_processes_out_and_ends_with_its_holder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "Needs flock(1) as the other process.");
        Directory.CreateDirectory(_store.Location.Directory);
        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 9>'{_store.Location.LockPath}'; flock -n 9 && echo held && exec sleep 60"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            var refused = Assert.Throws<StoreException>(() => StoreLock.Acquire(_store.Location, "second", TimeProvider.System));
            Assert.Contains("another process", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        StoreLock.Acquire(_store.Location, "second", TimeProvider.System).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_to_be_read_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a folder nobody may write.");
        var refused = Assert.Throws<StoreException>(() =>
            StoreLock.Acquire(StoreLocation.Parse("sqlite:/proc/tuning/studies.db", "/"), "tuning run", TimeProvider.System));
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
    }
}
