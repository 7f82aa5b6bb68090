namespace TuningCluster.Shared.Models;

/// <summary>The built-in test functions of <c>objective: { kind: function, name: … }</c>.</summary>
public static class TestFunctionNames
{
    public const string Branin = "branin";
    public const string Sphere = "sphere";
    public const string Rosenbrock = "rosenbrock";
    public const string Ackley = "ackley";
    public const string Rastrigin = "rastrigin";
    public const string Hartmann6 = "hartmann6";

    public static readonly IReadOnlyList<string> All = [Branin, Sphere, Rosenbrock, Ackley, Rastrigin, Hartmann6];

    /// <summary>How many numeric parameters a function takes.</summary>
    /// <returns>Least and greatest number; the greatest is null when there is no end.</returns>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static (int Least, int? Most) Dimensions(string name) => name switch
    {
        Branin => (2, 2),
        Hartmann6 => (6, 6),
        Rosenbrock => (2, null),
        Sphere or Ackley or Rastrigin => (1, null),
        _ => throw new ArgumentException($"'{name}' is no test function; known are {string.Join(", ", All)}.", nameof(name)),
    };
}
