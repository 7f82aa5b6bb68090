using System.Runtime.Serialization;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Golden;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class SnapshotMapperTests
{
    private readonly Dictionary<string, byte[]> _blocks = [];

    [Fact]
    public void A_restored_study_equals_the_original_and_its_blocks_are_written_once()
    {
        StudyState? state = null;
        var largest = 0;
        var first = 0;
        foreach (var e in Events(10_000))
        {
            state = Study.Apply(state, e);
            if (state.Finished.Count % 1024 != 1)
            {
                continue;
            }

            state = Keep(state);
            var size = JournalManifests.Table.Write(SnapshotMapper.ToSnapshot(state)).Length;
            first = first == 0 ? size : first;
            largest = Math.Max(largest, size);
        }

        state = Keep(state!);
        Assert.Equal(2, state.Blocks.Count);
        Assert.Equal(2, _blocks.Count);
        Assert.Equal(10_000, state.Finished.Count);

        var bytes = JournalManifests.Table.Write(SnapshotMapper.ToSnapshot(state));
        var snapshot = (StudySnapshot)JournalManifests.Table.Read("s:study", bytes);
        Assert.Equal(10_000 - (2 * 4096), snapshot.Finished.Count);
        AssertSame(state, SnapshotMapper.Restore(snapshot, id => _blocks[id]));

        // Bounded by one block, however long the study: about 4,096 trials above the first snapshot.
        Assert.True(largest < first + (_blocks.Values.First().Length * 1.1), $"{largest} bytes; a block has {_blocks.Values.First().Length}");
    }

    [Fact]
    public void A_study_goes_on_the_same_from_a_snapshot_as_from_its_events()
    {
        var events = Events(4_500);
        var whole = events.Aggregate((StudyState?)null, Study.Apply)!;
        foreach (var cut in new[] { 1, 3, 7_000, 13_000 })
        {
            var head = Keep(events.Take(cut).Aggregate((StudyState?)null, Study.Apply)!);
            var restored = SnapshotMapper.Restore(SnapshotMapper.ToSnapshot(head), id => _blocks[id]);
            var resumed = events.Skip(cut).Aggregate(restored, Study.Apply);
            AssertSame(whole with { Blocks = resumed.Blocks }, resumed);
        }
    }

    [Fact]
    public void Nothing_is_cut_before_a_block_is_full()
    {
        var state = Events(4095).Aggregate((StudyState?)null, Study.Apply)!;
        Assert.Empty(FinishedBlocks.Cut(state));
        Assert.Single(FinishedBlocks.Cut(Events(4096).Aggregate((StudyState?)null, Study.Apply)!));
    }

    [Fact]
    public void A_lost_or_doubled_trial_is_noticed()
    {
        var snapshot = SnapshotMapper.ToSnapshot(Events(20).Aggregate((StudyState?)null, Study.Apply)!);
        Assert.Throws<SerializationException>(() => SnapshotMapper.Restore(snapshot with { Finished = [.. snapshot.Finished.Skip(1)] }, _ => []));
        Assert.Throws<SerializationException>(() =>
            SnapshotMapper.Restore(snapshot with { Finished = [.. snapshot.Finished.Skip(1), snapshot.Finished[3]] }, _ => []));
    }

    [Fact]
    public void A_block_of_another_size_is_refused() =>
        Assert.Throws<SerializationException>(() =>
            SnapshotMapper.Restore(SnapshotMapper.ToSnapshot(Events(2).Aggregate((StudyState?)null, Study.Apply)!) with { Blocks = ["aa"] }, _ => []));

    private StudyState Keep(StudyState state)
    {
        foreach (var block in FinishedBlocks.Cut(state))
        {
            var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(block));
            _blocks[id] = block;
            state = state with { Blocks = state.Blocks.Add(id) };
        }

        return state;
    }

    /// <summary>By what is kept, not by what is computed from it; part by part, so that a difference is readable.</summary>
    private static void AssertSame(StudyState expected, StudyState actual)
    {
        for (var i = 0; i < expected.Trials.Count; i++)
        {
            Assert.Equal(Shape.Of(expected.Trials[i]), Shape.Of(actual.Trials[i]));
        }

        foreach (var property in typeof(StudyState).GetProperties().Where(p => p.CanWrite))
        {
            Assert.Equal((property.Name, Shape.Of(property.GetValue(expected))), (property.Name, Shape.Of(property.GetValue(actual))));
        }
    }

    /// <summary>A journal with <paramref name="finished"/> final trials of every kind, not in the order of their numbers, and a few open ones.</summary>
    private static List<StudyEvent> Events(int finished)
    {
        const int Parallel = 5;
        var random = new Random(7);
        var events = new List<StudyEvent> { new StudyCreated(JournalExamples.StudyIdText, JournalExamples.Spec) };
        events.Add(new TrialEnqueued(JournalExamples.Parameters));
        var open = new List<int>();
        for (var number = 0; number < finished + Parallel; number++)
        {
            var enqueued = number < JournalExamples.Spec.Enqueue.Count;
            events.Add(new TrialSuggested(number, JournalExamples.Parameters, enqueued, events.Count, "random/1", "0123456789abcdef"));
            events.Add(new TrialStarted(number, 1, $"lease-{number}", "worker-1", "f00d"));
            open.Add(number);
            if (open.Count <= Parallel)
            {
                continue;
            }

            var chosen = open[random.Next(open.Count)];
            open.Remove(chosen);
            events.Add(End(chosen, random));
        }

        return [.. events.Select((e, i) => e with { At = JournalExamples.At.AddMilliseconds(i), Elapsed = TimeSpan.FromMilliseconds(i) })];
    }

    private static TrialEvent End(int number, Random random)
    {
        IntermediateValue[] curve = [new(1, random.NextDouble()), new(2, random.NextDouble())];
        return random.Next(6) switch
        {
            0 => new TrialPruned(number, 1, 2, curve, Trial.NoMetrics),
            1 => new TrialFailed(number, 1, FailureReason.TimeLimit, "over 2m", curve, Trial.NoMetrics),
            2 => new TrialDiverged(number, 1, 2, "loss is NaN", curve, Trial.NoMetrics),
            3 => new TrialCancelled(number, "user"),
            _ => new TrialCompleted(number, 1, random.NextDouble(), curve, new Dictionary<string, double> { ["seconds"] = random.NextDouble() }, "ab"),
        };
    }
}
