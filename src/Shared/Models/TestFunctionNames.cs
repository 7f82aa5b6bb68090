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

    public const string Gramacy = "gramacy";
    public const string Zdt1 = "zdt1";
    public const string Zdt2 = "zdt2";
    public const string Zdt3 = "zdt3";
    public const string Dtlz2 = "dtlz2";
    public const string BinhKorn = "binh_korn";

    public static readonly IReadOnlyList<string> All = [Branin, Sphere, Rosenbrock, Ackley, Rastrigin, Hartmann6, Gramacy, Zdt1, Zdt2, Zdt3, Dtlz2, BinhKorn];

    /// <summary>How many numeric parameters a function takes.</summary>
    /// <returns>Least and greatest number; the greatest is null when there is no end.</returns>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static (int Least, int? Most) Dimensions(string name) => name switch
    {
        Branin or Gramacy or BinhKorn => (2, 2),
        Hartmann6 => (6, 6),
        Rosenbrock or Zdt1 or Zdt2 or Zdt3 => (2, null),
        Dtlz2 => (3, null),
        Sphere or Ackley or Rastrigin => (1, null),
        _ => throw Unknown(name),
    };

    /// <summary>What a function gives: <c>value</c>, or <c>f1</c>, <c>f2</c>, … when it has several objectives; <c>c1</c>, <c>c2</c>, … are for constraints.</summary>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static IReadOnlyList<string> MetricsOf(string name) => name switch
    {
        Branin or Sphere or Rosenbrock or Ackley or Rastrigin or Hartmann6 => [Metrics.FunctionValue],
        Gramacy => [Metrics.FunctionValue, "c1", "c2"],
        Zdt1 or Zdt2 or Zdt3 => ["f1", "f2"],
        Dtlz2 => ["f1", "f2", "f3"],
        BinhKorn => ["f1", "f2", "c1", "c2"],
        _ => throw Unknown(name),
    };

    /// <summary>Those of <see cref="MetricsOf"/> that may be objectives.</summary>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static IReadOnlyList<string> ObjectivesOf(string name) => [.. MetricsOf(name).Where(m => m[0] != 'c')];

    private static ArgumentException Unknown(string name) => new($"'{name}' is no test function; known are {string.Join(", ", All)}.", nameof(name));
}
