using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Pbt;

/// <summary>The parameters of a trial that goes on from another's weights: those that fix the network as they are, the others moved or drawn anew.</summary>
internal sealed class Exploration
{
    /// <summary>Moves that break a constraint are made again, so often; then the parameters stay as they are.</summary>
    private const int MostMoves = 1000;

    private readonly EncodedSpace _space;
    private readonly bool[] _isFixed;
    private readonly PbtSettings _settings;

    public Exploration(SearchSpace space, PbtSettings settings)
    {
        _settings = settings;
        _space = new EncodedSpace(space);
        _isFixed = new bool[_space.Count];
        for (var i = _space.Count - 1; i >= 0; i--)
        {
            // A parameter that decides whether such a one takes part fixes the network too.
            var parameter = _space.Dimensions[i].Parameter;
            _isFixed[i] = ModelSettings.Find(parameter.Name) is { FixesNetwork: true }
                || Enumerable.Range(i + 1, _space.Count - i - 1).Any(later => _isFixed[later] && _space.Dimensions[later].Parameter.When.Any(c => c.Parameter == parameter.Name));
        }
    }

    public SearchSpace Space => _space.Space;

    /// <summary>The parameters as they are.</summary>
    /// <param name="parent">Of a narrower space perhaps: what it lacks is drawn.</param>
    public TrialParameters Keep(TrialParameters parent, Rng rng) => Take(parent, rng, moves: false);

    /// <summary>The parameters moved or drawn anew, each by itself.</summary>
    /// <inheritdoc cref="Keep"/>
    public TrialParameters Move(TrialParameters parent, Rng rng)
    {
        for (var i = 0; i < MostMoves; i++)
        {
            var moved = Take(parent, rng, moves: true);
            if (Space.Constraints.Count == 0 || Space.Allows(moved))
            {
                return moved;
            }
        }

        return Keep(parent, rng);
    }

    private TrialParameters Take(TrialParameters parent, Rng rng, bool moves)
    {
        var taken = new Dictionary<string, ParameterValue>(_space.Count, StringComparer.Ordinal);
        for (var i = 0; i < _space.Count; i++)
        {
            var dimension = _space.Dimensions[i];
            var parameter = dimension.Parameter;

            // Words of its own for every parameter, active or not: no draw shifts another.
            var (anew, word) = (rng.NextDouble() < _settings.Resample, rng.NextBits());
            if (!SearchSpace.IsActive(parameter, taken))
            {
                continue;
            }

            taken.Add(
                parameter.Name,
                !parent.TryGetValue(parameter.Name, out var written) || parameter.Match(written) is not { } value ? ParameterDraw.From(dimension, word)
                : _isFixed[i] || !moves ? value
                : anew ? ParameterDraw.From(dimension, word)
                : Moved(dimension, value, word));
        }

        return Space.Arrange(taken);
    }

    /// <summary>A number times or by the factor, at least to its neighbour, within the range; a category that is no number to another.</summary>
    private ParameterValue Moved(Dimension dimension, ParameterValue value, ulong word)
    {
        var up = (word & 1) == 0;
        switch (dimension.Parameter)
        {
            case CategoricalParameter { Choices.Count: 1 }:
                return value;
            case CategoricalParameter { Choices: var choices } when choices.All(c => c.IsNumber):
                var inOrder = choices.OrderBy(c => c.AsDouble()).ToList();
                return inOrder[Math.Clamp(inOrder.IndexOf(value) + (up ? 1 : -1), 0, inOrder.Count - 1)];
            case CategoricalParameter:
                // One of the others, each as likely.
                return dimension.AtIndex((dimension.IndexOf(value) + 1 + ParameterDraw.Index(word, dimension.Count - 1)) % dimension.Count);
            case FloatParameter { Step: null } f:
                return ParameterValue.Float(Math.Clamp(Scaled(value.AsDouble(), up), f.Low, f.High));
            default:
                var index = dimension.IndexOf(value);
                var (from, to) = (dimension.AtIndex(0).AsDouble(), dimension.AtIndex(1 % dimension.Count).AsDouble());
                var target = dimension.Count == 1 ? 0 : (long)Math.Round((Scaled(value.AsDouble(), up) - from) / (to - from));
                var isGreater = up == value.AsDouble() >= 0;
                return dimension.AtIndex(Math.Clamp(isGreater ? Math.Max(target, index + 1) : Math.Min(target, index - 1), 0, dimension.Count - 1));
        }
    }

    private double Scaled(double number, bool up) => up ? number * _settings.Factor : number / _settings.Factor;
}
