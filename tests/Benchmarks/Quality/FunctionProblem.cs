using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A function of the unit cube; moved, its optimum lies elsewhere for every seed and its axes are rotated about it.</summary>
/// <remarks>f(x) = g(u* + Q·(u − t)) with u the point in the unit cube, u* the optimum of g, t where it is moved to (each coordinate in [0.15, 0.85]), Q orthogonal.
/// Optima in the middle of the box flatter strategies that begin there, separable functions those that look at one axis at a time.</remarks>
internal sealed class FunctionProblem : Problem
{
    private readonly KnownFunction _function;
    private readonly bool _isMoved;

    public FunctionProblem(KnownFunction function, bool isMoved)
        : base(function.Name + (isMoved ? "-moved" : ""), BoxOf(function), Direction.Minimize)
    {
        _function = function;
        _isMoved = isMoved;
    }

    public override double? Best => _function.Least;

    public override bool IsNoisy => false;

    public override ProblemRun Begin(int seed)
    {
        var (target, rotation) = _isMoved ? Move(seed) : ([], []);
        return new Moved(_function, target, rotation);
    }

    /// <summary>Where the least value is for a seed.</summary>
    public TrialParameters OptimumOf(int seed)
    {
        var unit = _isMoved ? Move(seed).Target : _function.Optimum;
        return new TrialParameters(unit.Select((u, i) =>
            KeyValuePair.Create($"x{i}", ParameterValue.Float(_function.Low[i] + (u * (_function.High[i] - _function.Low[i]))))));
    }

    private static SearchSpace BoxOf(KnownFunction f) =>
        new([.. f.Low.Select((low, i) => (Parameter)new FloatParameter($"x{i}", low, f.High[i], Log: false, Step: null, Points: null, []))]);

    private (double[] Target, double[][] Rotation) Move(int seed)
    {
        var rng = Rng.For(seed, _function.Low.Length, "move " + _function.Name);
        var n = _function.Low.Length;
        double[] target = [.. Enumerable.Range(0, n).Select(_ => 0.15 + (0.7 * rng.NextDouble()))];
        var rows = new double[n][];
        for (var i = 0; i < n; i++)
        {
            // Gram–Schmidt on normal vectors: every rotation alike.
            var row = Enumerable.Range(0, n).Select(_ => rng.NextNormal()).ToArray();
            for (var k = 0; k < i; k++)
            {
                var along = row.Zip(rows[k], (a, b) => a * b).Sum();
                row = [.. row.Zip(rows[k], (a, b) => a - (along * b))];
            }

            var length = Math.Sqrt(row.Sum(a => a * a));
            rows[i] = [.. row.Select(a => a / length)];
        }

        return (target, rows);
    }

    private sealed class Moved(KnownFunction function, double[] target, double[][] rotation) : ProblemRun
    {
        public override double Observe(TrialParameters parameters, int number) => Judge(parameters);

        public override double Judge(TrialParameters parameters)
        {
            var n = function.Low.Length;
            Span<double> x = stackalloc double[n];
            for (var i = 0; i < n; i++)
            {
                x[i] = parameters[$"x{i}"].AsDouble();
            }

            if (target.Length > 0)
            {
                Span<double> away = stackalloc double[n];
                for (var i = 0; i < n; i++)
                {
                    away[i] = ((x[i] - function.Low[i]) / (function.High[i] - function.Low[i])) - target[i];
                }

                for (var i = 0; i < n; i++)
                {
                    var u = function.Optimum[i];
                    for (var k = 0; k < n; k++)
                    {
                        u += rotation[i][k] * away[k];
                    }

                    x[i] = function.Low[i] + (u * (function.High[i] - function.Low[i]));
                }
            }

            return function.Value(x);
        }
    }
}
