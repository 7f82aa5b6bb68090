namespace TuningCluster.Benchmarks.Quality;

/// <summary>Best value by trials of every strategy on problems whose best is known, beside the same kind of sampler of Optuna.</summary>
internal sealed class QualitySuite : ISuite
{
    public string Name => QualityRows.SuiteName;

    public string Summary => "Best value after 50, 100 and 200 trials of every strategy, as normalized regret, against Optuna's.";

    public IReadOnlyList<string> Options => QualityPlan.Options;

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => Run(new Arguments(this, false, quick, new Dictionary<string, string>()), progress);

    public IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress)
    {
        var plan = QualityPlan.Of(arguments, progress.WriteLine);
        var recorded = RecordedOptuna.Read(progress.WriteLine);
        var studies = new QualityStudies(plan, progress);
        studies.RunOurs();
        if (plan.WithRivals)
        {
            studies.RunRivals();
        }

        return new QualityTable(plan, studies, recorded).Rows();
    }
}
