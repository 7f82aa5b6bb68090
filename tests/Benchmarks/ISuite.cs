namespace TuningCluster.Benchmarks;

/// <summary>A group of measurements that are asked for by one name.</summary>
internal interface ISuite
{
    /// <summary>The word on the command line and in every row.</summary>
    string Name { get; }

    /// <summary>One sentence for the list of suites.</summary>
    string Summary { get; }

    /// <summary>Options of its own, each <c>--name value</c>.</summary>
    IReadOnlyList<string> Options => [];

    /// <summary>Measures what the command line asks for.</summary>
    /// <exception cref="BenchmarkException">It could not be measured; says why.</exception>
    IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress) => Run(arguments.Quick, progress);

    /// <summary>Measures.</summary>
    /// <param name="quick">A smaller run of the same shape, in under a minute.</param>
    /// <param name="progress">Takes what a waiting user wants to see, a line at a time; never standard output.</param>
    /// <exception cref="BenchmarkException">It could not be measured; says why.</exception>
    IReadOnlyList<Row> Run(bool quick, TextWriter progress);
}
