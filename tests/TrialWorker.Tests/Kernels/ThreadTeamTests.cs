using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Does_every_item_once_by_the_same_member_every_time(int size)
    {
        using var team = new ThreadTeam(size);
        Assert.Equal(size, team.Size);
        for (var round = 0; round < 50; round++)
        {
            foreach (var items in new[] { 0, 1, 2, 3, 4, 5, 7, 64 })
            {
                var work = new Recording(items);
                team.Run(work, items);
                Assert.All(work.Times, times => Assert.Equal(1, times));
                if (items > 1)
                {
                    Assert.Equal(
                        Enumerable.Range(0, items).Select(i => Enumerable.Range(0, size).Single(m => i >= items * m / size && i < items * (m + 1) / size)),
                        work.Members);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_member_throws_reaches_the_caller_and_the_team_works_on(int thrower)
    {
        using var team = new ThreadTeam(3);
        for (var round = 0; round < 20; round++)
        {
            var failing = new Recording(9, thrower);
            var failure = Assert.Throws<InvalidOperationException>(() => team.Run(failing, 9));
            Assert.Equal($"member {thrower}", failure.Message);

            // The others did their part before the caller was told.
            Assert.Equal(Enumerable.Range(0, 9).Select(i => i / 3 == thrower ? 0 : 1), failing.Times);
            var work = new Recording(9);
            team.Run(work, 9);
            Assert.All(work.Times, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Dispose_ends_the_threads()
    {
        var work = new Recording(8);
        using (var team = new ThreadTeam(4))
        {
            team.Run(work, 8);
        }

        var threads = work.Threads.Distinct().ToArray();
        Assert.Equal(4, threads.Length);
        Assert.All(threads, thread => Assert.Equal(thread == Thread.CurrentThread, thread!.IsAlive));
    }

    [Fact]
    public void Dispose_ends_threads_that_never_worked() => new ThreadTeam(4).Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Allocates_nothing_for_a_piece_of_work(int size)
    {
        using var team = new ThreadTeam(size);
        var work = new Measuring(size);
        team.Run(work, 4 * size);
        var before = new long[size];
        team.Run(work, 4 * size);
        work.Allocated.CopyTo(before, 0);
        const int Rounds = 10_000;
        for (var round = 0; round < Rounds; round++)
        {
            team.Run(work, 4 * size);
        }

        // Fewer bytes than rounds: an event makes its lock when a thread first sleeps on it, and the runtime charges a thread up to 8 KiB
        // at once, the unused rest of its allocation window. One object a round would be 24 bytes each.
        Assert.All(before.Zip(work.Allocated, (first, last) => last - first), grown => Assert.InRange(grown, 0, Rounds));
    }

    [Fact]
    public void Refuses_a_team_of_none() => Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(0));

    private sealed class Recording(int items, int thrower = -1) : ITeamWork
    {
        public int[] Times { get; } = new int[items];

        public int[] Members { get; } = new int[items];

        public Thread?[] Threads { get; } = new Thread?[items];

        public void Run(int from, int to, int member)
        {
            if (member == thrower)
            {
                throw new InvalidOperationException($"member {member}");
            }

            for (var i = from; i < to; i++)
            {
                Interlocked.Increment(ref Times[i]);
                (Members[i], Threads[i]) = (member, Thread.CurrentThread);
            }
        }
    }

    /// <summary>Notes what each member's thread has allocated so far.</summary>
    private sealed class Measuring(int size) : ITeamWork
    {
        public long[] Allocated { get; } = new long[size];

        public void Run(int from, int to, int member) => Allocated[member] = GC.GetAllocatedBytesForCurrentThread();
    }
}
