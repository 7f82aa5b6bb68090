using System.Collections.Concurrent;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Tests.Objectives;

internal sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly ConcurrentDictionary<(string, int), byte[]> _checkpoints = new();

    public byte[]? Find(string study, int number) => _checkpoints.GetValueOrDefault((study, number));

    public void Keep(string study, int number, byte[] checkpoint) => _checkpoints[(study, number)] = checkpoint;

    public void Remove(string study, int number) => _checkpoints.TryRemove((study, number), out _);
}
