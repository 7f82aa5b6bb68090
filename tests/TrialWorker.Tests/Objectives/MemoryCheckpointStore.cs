using System.Collections.Concurrent;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Tests.Objectives;

internal sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly ConcurrentDictionary<(string, int), byte[]> _checkpoints = new();
    private readonly ConcurrentDictionary<(string Study, int Number), byte[]> _left = new();

    public byte[]? Find(string study, int number) => _checkpoints.GetValueOrDefault((study, number));

    public void Keep(string study, int number, byte[] checkpoint) => _checkpoints[(study, number)] = checkpoint;

    public void Share(string study, int number)
    {
    }

    public void Remove(string study, int number) => _checkpoints.TryRemove((study, number), out _);

    public byte[]? FindLeft(string study, int number) => _left.GetValueOrDefault((study, number));

    public void Leave(string study, int number, byte[] state) => _left[(study, number)] = state;

    public void SweepLeft(string study, int below)
    {
        foreach (var key in _left.Keys.Where(k => k.Study == study && k.Number < below))
        {
            _left.TryRemove(key, out _);
        }
    }
}
