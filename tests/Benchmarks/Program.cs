using TuningCluster.Benchmarks;
using TuningCluster.Benchmarks.Contests;

try
{
    if (args is [OwnSide.Word, var contest])
    {
        return OwnSide.Answer(contest, Console.In, Console.Out);
    }

    var arguments = Arguments.Parse(args);
    var rows = arguments.Suite.Run(arguments, Console.Error);
    Console.Out.Write(arguments.Json ? JsonRows.Format(rows) : TableRows.Format(rows));
    return 0;
}
catch (UsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- SUITE [-o table|json] [--quick] [--OPTION VALUE]...");
    Console.Error.WriteLine("suites:");
    foreach (var suite in Suites.All)
    {
        Console.Error.WriteLine($"  {suite.Name,-10} {suite.Summary}{(suite.Options.Count == 0 ? "" : $" Options: {string.Join(", ", suite.Options)}.")}");
    }

    return 2;
}
catch (BenchmarkException failed)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}
