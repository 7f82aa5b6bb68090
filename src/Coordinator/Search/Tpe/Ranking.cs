namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>Finished trials from best to worst.</summary>
internal sealed class Ranking
{
    private readonly List<Observation> _order = [];

    public int Count => _order.Count;

    public Observation this[int rank] => _order[rank];

    public void Clear() => _order.Clear();

    /// <summary>Failed trials, and pruned ones without a value, are left out.</summary>
    /// <returns>Whether it was taken in.</returns>
    public bool Add(Observation trial)
    {
        if (double.IsNaN(trial.Loss))
        {
            return false;
        }

        var place = _order.BinarySearch(trial, ByRank.Instance);
        _order.Insert(place < 0 ? ~place : place, trial);
        return true;
    }
}
