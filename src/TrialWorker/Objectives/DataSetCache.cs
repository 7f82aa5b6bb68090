using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>The data sets in use, each loaded once and shared read-only by all trials.</summary>
/// <remarks>
/// Safe to call from several threads; those that ask for the same data wait for one load. Keeps the few last asked for: objectives hold
/// on to theirs anyway. A failed load is not remembered, so that a blob that arrives later is found.
/// </remarks>
/// <param name="blobs">Where the source files' bytes are.</param>
/// <param name="load">Reads the verified bytes of a source file as the specification says; throws <see cref="SpecException"/> when they do not fit.</param>
public sealed class DataSetCache(IBlobStore blobs, Func<DataSpec, byte[], StudyData> load)
{
    private const int Capacity = 4;

    private readonly Lock _lock = new();
    private readonly List<(DataSpec Spec, Lazy<StudyData> Data)> _entries = [];

    /// <summary>The data set of a specification; which file bytes it means is in its hash.</summary>
    /// <exception cref="InvalidOperationException">The specification has no hash yet.</exception>
    /// <exception cref="BlobMissingException">The bytes are not in the store.</exception>
    public StudyData Get(DataSpec spec)
    {
        var sha256 = spec.Sha256 ?? throw new InvalidOperationException($"The data '{spec.Source}' has not been read: its hash is not known.");
        Lazy<StudyData> data;
        lock (_lock)
        {
            var at = _entries.FindIndex(e => e.Spec == spec);
            data = at >= 0 ? _entries[at].Data : new Lazy<StudyData>(() => load(spec, blobs.Get(sha256)));
            if (at >= 0)
            {
                _entries.RemoveAt(at);
            }

            _entries.Add((spec, data));
            if (_entries.Count > Capacity)
            {
                _entries.RemoveAt(0);
            }
        }

        try
        {
            return data.Value;
        }
        catch
        {
            lock (_lock)
            {
                _entries.RemoveAll(e => ReferenceEquals(e.Data, data));
            }

            throw;
        }
    }
}
