using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Numerics;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>A mixture of product kernels over the parameters of a group, with a uniform component as the prior (Bergstra et al. 2011; Watanabe 2023, arXiv:2304.11127).</summary>
/// <remarks>Numbers have normal kernels truncated to [0, 1], values of few have <see cref="DiscreteKernel"/>s. Kernels are appended; a weight of 0 takes one out.</remarks>
internal sealed class ParzenDensity
{
    private readonly Dimension[] _dimensions;
    private readonly double[] _bandwidths;
    private readonly DiscreteKernel?[] _discrete;
    private readonly int[] _numbers;
    private readonly int[] _values;
    private readonly double[][] _centres;
    private readonly int[][] _indexes;
    private double[] _constants = new double[64];
    private double[] _weights = new double[64];
    private double[] _scratch = new double[64];

    /// <param name="dimensions">Of the group.</param>
    /// <param name="bandwidths">By dimension of the group; not used for categories.</param>
    /// <param name="kernels">How many there are about: categories are smoothed less the more there are.</param>
    public ParzenDensity(Dimension[] dimensions, double[] bandwidths, int kernels)
    {
        _dimensions = dimensions;
        _bandwidths = bandwidths;
        _discrete = [.. dimensions.Select((d, i) => d.Kind == DimensionKind.Categorical ? DiscreteKernel.Categories((int)d.Count, kernels)
            : IsNumber(d) ? null : DiscreteKernel.Cells(d, bandwidths[i]))];
        _numbers = [.. Enumerable.Range(0, dimensions.Length).Where(i => _discrete[i] is null)];
        _values = [.. Enumerable.Range(0, dimensions.Length).Where(i => _discrete[i] is not null)];
        _centres = [.. _numbers.Select(_ => new double[64])];
        _indexes = [.. _values.Select(_ => new int[64])];
    }

    public int Count { get; private set; }

    /// <summary>Σ of the kernels' weights, without the prior's.</summary>
    public double Weight { get; private set; }

    /// <summary>Weight of the uniform component.</summary>
    public double Prior { get; init; } = 1;

    public static bool IsNumber(Dimension dimension) =>
        dimension.Kind == DimensionKind.Continuous || (dimension.Kind == DimensionKind.Ordered && dimension.Count > DiscreteKernel.MostValues);

    /// <summary>Appends a kernel.</summary>
    /// <param name="point">Coordinates by dimension of the group.</param>
    /// <param name="weight">≥ 0.</param>
    public void Add(ReadOnlySpan<double> point, double weight)
    {
        Reserve(Count + 1);
        var constant = 0.0;
        for (var k = 0; k < _numbers.Length; k++)
        {
            var d = _numbers[k];
            _centres[k][Count] = point[d];
            constant -= Math.Log(_bandwidths[d] * Math.Sqrt(2 * Math.PI) * DiscreteKernel.Mass(0, 1, point[d], _bandwidths[d]));
        }

        for (var k = 0; k < _values.Length; k++)
        {
            _indexes[k][Count] = (int)_dimensions[_values[k]].IndexAt(point[_values[k]]);
        }

        _constants[Count] = constant;
        _weights[Count] = weight;
        Weight += weight;
        Count++;
    }

    public void Reweigh(int kernel, double weight)
    {
        Weight += weight - _weights[kernel];
        _weights[kernel] = weight;
    }

    /// <summary>Forgets the kernels from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        for (; Count > count; Count--)
        {
            Weight -= _weights[Count - 1];
        }
    }

    /// <summary>ln of the density at a point, relative to the uniform one for values of few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LogDensity(ReadOnlySpan<double> point)
    {
        var scratch = _scratch.AsSpan(0, Count);
        _constants.AsSpan(0, Count).CopyTo(scratch);
        for (var k = 0; k < _numbers.Length; k++)
        {
            var width = _bandwidths[_numbers[k]];
            Squares.Add(scratch, _centres[k].AsSpan(0, Count), point[_numbers[k]], -0.5 / (width * width));
        }

        var uniform = 0.0;
        for (var k = 0; k < _values.Length; k++)
        {
            var dimension = _dimensions[_values[k]];
            var value = (int)dimension.IndexAt(point[_values[k]]);
            var (kernel, indexes) = (_discrete[_values[k]]!, _indexes[k]);
            for (var i = 0; i < scratch.Length; i++)
            {
                scratch[i] += kernel.Of(indexes[i])[value];
            }

            var (from, to) = dimension.Cell(value);
            uniform += Math.Log(to - from);
        }

        return Math.Log(((Prior * Math.Exp(uniform)) + SumOfExponentials(scratch)) / (Prior + Weight));
    }

    /// <summary>A point drawn from the mixture.</summary>
    public void Sample(Rng rng, Span<double> point)
    {
        var draw = rng.NextDouble() * (Prior + Weight);
        var kernel = -1;
        for (var i = 0; i < Count && draw >= Prior; i++)
        {
            draw -= _weights[i];
            kernel = i;
        }

        for (int d = 0, number = 0, value = 0; d < point.Length; d++)
        {
            if (_discrete[d] is { } discrete)
            {
                point[d] = kernel < 0 ? rng.NextDouble() : Value(discrete.Of(_indexes[value][kernel]), _dimensions[d], rng);
                value++;
            }
            else
            {
                point[d] = kernel < 0 ? rng.NextDouble() : Truncated(_centres[number][kernel], _bandwidths[d], rng);
                number++;
            }
        }
    }

    private static double Value(ReadOnlySpan<double> logs, Dimension dimension, Rng rng)
    {
        var draw = rng.NextDouble();
        var index = 0;
        for (; index < logs.Length - 1; index++)
        {
            draw -= Math.Exp(logs[index]);
            if (draw < 0)
            {
                break;
            }
        }

        var (from, to) = dimension.Cell(index);
        return 0.5 * (from + to);
    }

    private static double Truncated(double centre, double width, Rng rng)
    {
        // The centre lies within: at least every third draw does as well, whatever the width.
        for (var i = 0; i < 64; i++)
        {
            var u = centre + (width * rng.NextNormal());
            if (u is >= 0 and <= 1)
            {
                return u;
            }
        }

        return centre;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SumOfExponentials(Span<double> logs)
    {
        var sum = Vector256<double>.Zero;
        var i = 0;
        ref var at = ref MemoryMarshal.GetReference(logs);
        ref var weight = ref MemoryMarshal.GetReference(_weights.AsSpan(0, logs.Length));
        for (; i <= logs.Length - 4; i += 4)
        {
            sum = Vector256.MultiplyAddEstimate(Vector256.Exp(Vector256.LoadUnsafe(ref at, (nuint)i)), Vector256.LoadUnsafe(ref weight, (nuint)i), sum);
        }

        var total = Vector256.Sum(sum);
        for (; i < logs.Length; i++)
        {
            total += Math.Exp(logs[i]) * _weights[i];
        }

        return total;
    }

    private void Reserve(int count)
    {
        if (count <= _weights.Length)
        {
            return;
        }

        var length = 2 * count;
        Array.Resize(ref _weights, length);
        Array.Resize(ref _constants, length);
        _scratch = new double[length];
        for (var k = 0; k < _centres.Length; k++)
        {
            Array.Resize(ref _centres[k], length);
        }

        for (var k = 0; k < _indexes.Length; k++)
        {
            Array.Resize(ref _indexes[k], length);
        }
    }
}
