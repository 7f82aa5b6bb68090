namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Minimizes a smooth function in a box by L-BFGS with projected steps (Nocedal and Wright 2006, algorithm 7.5).</summary>
/// <remarks>Coordinates that stand at a bound and want beyond it take no part in a step. Few and cheap iterations: not for last digits.</remarks>
internal static class Lbfgs
{
    /// <summary>The function's value; writes its gradient.</summary>
    internal delegate double Objective(ReadOnlySpan<double> x, Span<double> gradient);

    private const int Memory = 8;
    private const double Decrease = 1e-4;

    /// <param name="objective">What is minimized; infinity is bad, and nothing worse.</param>
    /// <param name="x">The start; becomes the best point found.</param>
    /// <param name="low">Shape of <paramref name="x"/>.</param>
    /// <param name="high">Shape of <paramref name="x"/>.</param>
    /// <param name="evaluations">At most so many.</param>
    /// <param name="tolerance">Ends when a step changes the value by less, relative to 1 + |value|.</param>
    /// <param name="firstStep">Length of the first step, whose direction is the gradient's.</param>
    /// <returns>The value at <paramref name="x"/>.</returns>
    public static double Minimize(
        Objective objective, Span<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int evaluations, double tolerance, double firstStep)
    {
        var n = x.Length;
        var steps = new List<(double[] S, double[] Y, double Rho)>(Memory);
        Span<double> gradient = new double[n], direction = new double[n], next = new double[n], nextGradient = new double[n];
        var value = objective(x, gradient);
        for (var used = 1; used < evaluations;)
        {
            Direction(gradient, steps, direction);
            Restrict(x, low, high, gradient, direction);
            var slope = Dot(gradient, direction);
            if (!(slope < 0))
            {
                if (steps.Count == 0)
                {
                    return value;
                }

                steps.Clear();
                continue;
            }

            var step = steps.Count == 0 ? Math.Min(1, firstStep / Math.Sqrt(Dot(direction, direction))) : 1;
            var improved = false;
            double nextValue = value;
            for (; used < evaluations && !improved; step *= 0.4)
            {
                for (var i = 0; i < n; i++)
                {
                    next[i] = Math.Clamp(x[i] + (step * direction[i]), low[i], high[i]);
                }

                nextValue = objective(next, nextGradient);
                used++;
                improved = nextValue <= value + (Decrease * step * slope);
                if (step < 1e-6)
                {
                    break;
                }
            }

            if (!improved)
            {
                if (steps.Count == 0)
                {
                    return value;
                }

                // What was remembered misleads here.
                steps.Clear();
                continue;
            }

            Remember(x, next, gradient, nextGradient, steps);
            var gain = value - nextValue;
            next.CopyTo(x);
            nextGradient.CopyTo(gradient);
            value = nextValue;
            if (gain < tolerance * (1 + Math.Abs(value)))
            {
                return value;
            }
        }

        return value;
    }

    /// <summary>The two-loop recursion: −H·g.</summary>
    private static void Direction(ReadOnlySpan<double> gradient, List<(double[] S, double[] Y, double Rho)> steps, Span<double> direction)
    {
        Span<double> along = stackalloc double[Memory];
        for (var i = 0; i < gradient.Length; i++)
        {
            direction[i] = -gradient[i];
        }

        for (var k = steps.Count - 1; k >= 0; k--)
        {
            along[k] = steps[k].Rho * Dot(steps[k].S, direction);
            Add(direction, steps[k].Y, -along[k]);
        }

        if (steps.Count > 0)
        {
            var (s, y, _) = steps[^1];
            var scale = Dot(s, y) / Dot(y, y);
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (var k = 0; k < steps.Count; k++)
        {
            Add(direction, steps[k].S, along[k] - (steps[k].Rho * Dot(steps[k].Y, direction)));
        }
    }

    private static void Restrict(ReadOnlySpan<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, ReadOnlySpan<double> gradient, Span<double> direction)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if ((x[i] <= low[i] && (direction[i] < 0 || gradient[i] > 0)) || (x[i] >= high[i] && (direction[i] > 0 || gradient[i] < 0)))
            {
                direction[i] = 0;
            }
        }
    }

    private static void Remember(
        ReadOnlySpan<double> x, ReadOnlySpan<double> next, ReadOnlySpan<double> gradient, ReadOnlySpan<double> nextGradient, List<(double[] S, double[] Y, double Rho)> steps)
    {
        var (s, y) = (new double[x.Length], new double[x.Length]);
        for (var i = 0; i < s.Length; i++)
        {
            (s[i], y[i]) = (next[i] - x[i], nextGradient[i] - gradient[i]);
        }

        var curvature = Dot(s, y);
        if (curvature > 1e-10 * Dot(y, y))
        {
            if (steps.Count == Memory)
            {
                steps.RemoveAt(0);
            }

            steps.Add((s, y, 1 / curvature));
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
