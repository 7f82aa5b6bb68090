using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Every combination of the grid values of a space, each once, in an order decided by the space alone.</summary>
/// <remarks>Components that no condition joins are the digits of a mixed radix number, the last one changing fastest.</remarks>
public sealed class ParameterGrid
{
    private readonly List<GridComponent> _components;
    private readonly Dictionary<string, GridAxis> _axes;

    /// <exception cref="ArgumentException">A float has neither step nor points.</exception>
    public ParameterGrid(SearchSpace space)
    {
        Space = space;
        _components = [.. Components(space).Select(c => new GridComponent(c))];
        _axes = space.Parameters.ToDictionary(p => p.Name, p => new GridAxis(p), StringComparer.Ordinal);
        Size = 1;
        foreach (var component in _components)
        {
            Size = Size > long.MaxValue / component.Size ? long.MaxValue : Size * component.Size;
        }
    }

    public SearchSpace Space { get; }

    /// <summary>Number of points, at most <see cref="long.MaxValue"/>.</summary>
    public long Size { get; }

    /// <summary>The point of that number.</summary>
    /// <param name="index">In [0, <see cref="Size"/>).</param>
    public TrialParameters this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
            var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
            for (var i = _components.Count - 1; i >= 0; i--)
            {
                _components[i].Point(index % _components[i].Size, values);
                index /= _components[i].Size;
            }

            return Space.Arrange(values);
        }
    }

    /// <summary>The point that a trial is, also one of a narrower space; null when it is none of this grid.</summary>
    public TrialParameters? PointOf(TrialParameters trial)
    {
        if (Space.Adopt(trial) is not { } adopted)
        {
            return null;
        }

        var values = new Dictionary<string, ParameterValue>(adopted.Count, StringComparer.Ordinal);
        foreach (var (name, value) in adopted)
        {
            if (_axes[name].Near(value) is not { } near)
            {
                return null;
            }

            values.Add(name, near);
        }

        return Space.Arrange(values);
    }

    private static IEnumerable<List<Parameter>> Components(SearchSpace space)
    {
        var component = space.Parameters.ToDictionary(p => p.Name, p => p.Name, StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            foreach (var condition in parameter.When)
            {
                component[Root(parameter.Name)] = Root(condition.Parameter);
            }
        }

        return space.DrawOrder.GroupBy(p => Root(p.Name), StringComparer.Ordinal).Select(g => g.ToList());

        string Root(string name)
        {
            while (component[name] != name)
            {
                name = component[name];
            }

            return name;
        }
    }
}
