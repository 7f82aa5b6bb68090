using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Nsga2;

/// <summary>The best complete trials by front and crowding, as a fold over finished trials (Deb et al. 2002, sections III and VI). Others are worse than every complete one and have no place in it.</summary>
internal sealed class Nsga2Population(int size)
{
    private readonly List<Observation> _members = new(size + 1);
    private int[] _ranks = [];
    private double[] _crowding = [];

    public int Count => _members.Count;

    /// <summary>Learns of the next finished trial. When there is no place left the worst leaves: of the last front the most crowded, of equals the latest.</summary>
    public void Add(Observation trial)
    {
        if (trial.State != TrialState.Complete)
        {
            return;
        }

        _members.Add(trial);
        if (_members.Count <= size)
        {
            return;
        }

        Rank();
        var worst = 0;
        for (var i = 1; i < _members.Count; i++)
        {
            worst = IsBetter(worst, i) || !IsBetter(i, worst) ? i : worst;
        }

        _members.RemoveAt(worst);
    }

    /// <summary>A parent: the better one of two drawn at random.</summary>
    public Observation Select(Rng rng)
    {
        if (_ranks.Length != _members.Count)
        {
            Rank();
        }

        var (a, b) = (rng.NextInt32(_members.Count), rng.NextInt32(_members.Count));
        return _members[IsBetter(b, a) ? b : a];
    }

    /// <summary>Deb's crowded comparison.</summary>
    private bool IsBetter(int a, int b) => _ranks[a] != _ranks[b] ? _ranks[a] < _ranks[b] : _crowding[a] > _crowding[b];

    private void Rank()
    {
        double[][] losses = [.. _members.Select(o => o.Losses)];
        _ranks = NondominatedSort.Ranks(losses, [.. _members.Select(o => o.TotalViolation)]);
        _crowding = new double[_members.Count];
        foreach (var front in Enumerable.Range(0, _members.Count).GroupBy(i => _ranks[i]))
        {
            int[] members = [.. front];
            var distances = CrowdingDistance.Of(losses, members);
            for (var i = 0; i < members.Length; i++)
            {
                _crowding[members[i]] = distances[i];
            }
        }
    }
}
