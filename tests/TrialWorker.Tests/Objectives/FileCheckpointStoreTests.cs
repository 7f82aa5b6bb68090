using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Tests.Objectives;

public sealed class FileCheckpointStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tuning-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keeps_checkpoints_and_what_trials_left_apart()
    {
        var store = new FileCheckpointStore(_folder);
        Assert.Null(store.Find("s", 3));
        Assert.Null(store.FindLeft("s", 3));
        store.Keep("s", 3, [1]);
        store.Leave("s", 3, [2]);
        store.Leave("s", 12, [3]);
        store.Leave("other", 3, [4]);
        Assert.Equal([1], store.Find("s", 3));
        Assert.Equal([2], store.FindLeft("s", 3));

        store.Remove("s", 3);
        Assert.Null(store.Find("s", 3));
        Assert.Equal([2], store.FindLeft("s", 3));
    }

    [Fact]
    public void Sweeps_what_the_trials_below_a_number_left()
    {
        var store = new FileCheckpointStore(_folder);
        store.SweepLeft("s", 9);
        foreach (var number in (int[])[2, 9, 10])
        {
            store.Leave("s", number, [1]);
        }

        store.Keep("s", 1, [1]);
        store.Leave("other", 1, [1]);
        store.SweepLeft("s", 10);
        Assert.Equal([false, false, true], ((int[])[2, 9, 10]).Select(n => store.FindLeft("s", n) is not null));
        Assert.NotNull(store.Find("s", 1));
        Assert.NotNull(store.FindLeft("other", 1));

        // The folder goes with the last file.
        store.Remove("s", 1);
        store.SweepLeft("s", 11);
        Assert.Equal(["other"], Directory.GetDirectories(_folder).Select(Path.GetFileName));
    }
}
