using System.Numerics;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Parameters that hang together by conditions: their points counted and found by number, never listed.</summary>
/// <remarks>
/// A tree: level i branches over the values of parameter i, or not at all when it is inactive. Below a level it matters only which later
/// parameters can still become active, so subtree sizes are kept by (level, that set): a bit for each parameter, set while no condition
/// of it has failed. Values of a level that no condition names lead to the same set and are counted as one. Sizes saturate.
/// </remarks>
internal sealed class GridComponent
{
    private readonly Parameter[] _parameters;
    private readonly GridAxis[] _axes;

    /// <summary>Per level: the value indices that conditions name, ascending, each with the bits of the parameters it keeps active;
    /// and the bits of all parameters with a condition on this level.</summary>
    private readonly (long Index, BigInteger Keeps)[][] _named;
    private readonly BigInteger[] _dependents;
    private readonly Dictionary<(int Level, BigInteger Alive), long> _sizes = [];

    /// <param name="parameters">Each after those its conditions name.</param>
    public GridComponent(IReadOnlyList<Parameter> parameters)
    {
        _parameters = [.. parameters];
        _axes = [.. parameters.Select(p => new GridAxis(p))];
        _dependents = [.. parameters.Select(Dependents)];
        _named = [.. parameters.Select((_, level) => Named(level))];
        All = (BigInteger.One << _parameters.Length) - 1;
        Size = SizeOf(0, All);
    }

    /// <summary>Number of points, at most <see cref="long.MaxValue"/>.</summary>
    public long Size { get; }

    private BigInteger All { get; }

    /// <summary>Puts the values of point <paramref name="index"/> into <paramref name="values"/>; the last parameter changes fastest.</summary>
    public void Point(long index, Dictionary<string, ParameterValue> values)
    {
        var alive = All;
        for (var level = 0; level < _parameters.Length; level++)
        {
            if (!IsAlive(level, alive))
            {
                alive &= ~_dependents[level];
                continue;
            }

            var value = Descend(level, ref alive, ref index);
            values.Add(_parameters[level].Name, _axes[level][value]);
        }
    }

    private static bool IsAlive(int level, BigInteger alive) => !((alive >> level) & 1).IsZero;

    /// <summary>The value whose subtree holds <paramref name="index"/>, which becomes the index within it.</summary>
    private long Descend(int level, ref BigInteger alive, ref long index)
    {
        var others = alive & ~_dependents[level];
        var otherSize = SizeOf(level + 1, others);
        var next = 0L;
        foreach (var (named, keeps) in _named[level])
        {
            var before = Times(named - next, otherSize);
            if (index < before)
            {
                break;
            }

            index -= before;
            var kept = alive & (others | keeps);
            var size = SizeOf(level + 1, kept);
            if (index < size)
            {
                alive = kept;
                return named;
            }

            index -= size;
            next = named + 1;
        }

        alive = others;
        next += index / otherSize;
        index %= otherSize;
        return next;
    }

    private long SizeOf(int level, BigInteger alive)
    {
        if (level == _parameters.Length)
        {
            return 1;
        }

        // Levels above are decided: only the bits from this one on matter.
        var key = (level, alive >> level);
        if (_sizes.TryGetValue(key, out var known))
        {
            return known;
        }

        var others = alive & ~_dependents[level];
        long size;
        if (IsAlive(level, alive))
        {
            size = Times(_axes[level].Count - _named[level].Length, SizeOf(level + 1, others));
            foreach (var (_, keeps) in _named[level])
            {
                size = Plus(size, SizeOf(level + 1, alive & (others | keeps)));
            }
        }
        else
        {
            size = SizeOf(level + 1, others);
        }

        return _sizes[key] = size;
    }

    private BigInteger Dependents(Parameter parameter)
    {
        var bits = BigInteger.Zero;
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].When.Any(c => c.Parameter == parameter.Name))
            {
                bits |= BigInteger.One << i;
            }
        }

        return bits;
    }

    private (long Index, BigInteger Keeps)[] Named(int level)
    {
        var keeps = new SortedDictionary<long, BigInteger>();
        var name = _parameters[level].Name;
        foreach (var value in _parameters.SelectMany(p => p.When).Where(c => c.Parameter == name).SelectMany(c => c.Values).Distinct())
        {
            if (_axes[level].IndexOf(value) is not { } index)
            {
                continue;
            }

            var bits = BigInteger.Zero;
            for (var i = 0; i < _parameters.Length; i++)
            {
                var conditions = _parameters[i].When.Where(c => c.Parameter == name).ToList();
                if (conditions.Count > 0 && conditions.All(c => c.Values.Contains(value)))
                {
                    bits |= BigInteger.One << i;
                }
            }

            keeps[index] = bits;
        }

        return [.. keeps.Select(k => (k.Key, k.Value))];
    }

    private static long Times(long a, long b) => a == 0 || b == 0 ? 0 : a > long.MaxValue / b ? long.MaxValue : a * b;

    private static long Plus(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
