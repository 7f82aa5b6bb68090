using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>What both normalizations ask of their arguments.</summary>
internal static class NormalizationShape
{
    /// <exception cref="ArgumentException">A block of rows is too short, or the stride does not fit the width.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Check(
        int rows, int width, int stride, ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (stride < width || stride % KernelPath.Lanes != 0)
        {
            throw new ArgumentException($"The stride {stride} is not a multiple of {KernelPath.Lanes} of at least {width}.", nameof(stride));
        }

        var shortest = Math.Min(first.Length, Math.Min(second.Length, third.Length));
        if (shortest < (long)rows * stride)
        {
            throw new ArgumentException($"{rows} rows of stride {stride} need {(long)rows * stride} numbers; {shortest} are given.");
        }
    }

    /// <exception cref="ArgumentException">A row of columns is shorter than the stride.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CheckColumns(int stride, ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third)
    {
        var shortest = Math.Min(first.Length, Math.Min(second.Length, third.Length));
        if (shortest < stride)
        {
            throw new ArgumentException($"Columns at a stride of {stride} need as many numbers; {shortest} are given.");
        }
    }

    /// <exception cref="ArgumentException">There are fewer numbers than rows.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CheckRows(int rows, ReadOnlySpan<float> numbers)
    {
        if (numbers.Length < rows)
        {
            throw new ArgumentException($"{rows} rows need as many numbers; {numbers.Length} are given.");
        }
    }
}
