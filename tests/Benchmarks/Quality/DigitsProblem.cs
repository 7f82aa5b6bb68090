using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>The study of <c>examples/digits.yaml</c>: real trainings, in this process.</summary>
/// <remarks>A trial reports the validation loss of one training; the incumbent is judged by the median over trainings from other weights, so that luck with the weights is not
/// taken for a good choice of parameters. Nobody knows the best there is.</remarks>
internal sealed class DigitsProblem : Problem
{
    public const string ProblemName = "digits";

    /// <summary>Trainings that judge an incumbent.</summary>
    private const int Judges = 5;

    /// <summary>A seed no study here has.</summary>
    private const long JudgesSeed = 1L << 40;

    private static readonly string Folder = Path.Combine(Repository.Root, "examples");

    private readonly StudySpec _spec;
    private readonly StudyData _data;

    public DigitsProblem()
        : this(Read())
    {
    }

    private DigitsProblem((StudySpec Spec, StudyData Data) study)
        : base(ProblemName, study.Spec.Space, study.Spec.Objective.Direction) => (_spec, _data) = study;

    public override double? Best => null;

    public override string Unit => "validation loss";

    public override bool IsNoisy => true;

    public override int? MostSeeds => 10;

    public override ProblemRun Begin(int seed) => new Trainings(this, seed);

    private static (StudySpec Spec, StudyData Data) Read()
    {
        var file = Path.Combine(Folder, "digits.yaml");
        var spec = StudyFile.Parse(File.ReadAllText(file), file).SpecOrThrow();
        var data = new DataInspector().Resolve(spec.Data!, Path.Combine(Folder, spec.Data!.Source));
        return (StudyFile.Resolved(spec, data), DataSetLoader.Load(data.Spec, data.Content));
    }

    /// <summary>NaN when the training diverged.</summary>
    private double Train(TrialParameters parameters, long seed, int number)
    {
        var settings = TrainingSettings.Resolve(_spec, parameters, _data.Folds[0].Task);
        var trainer = new TrialWorker.Training.Trainer(_data, settings, _spec.Objective, _spec.Limits, TimeProvider.System);
        return trainer.Run(seed, number, _ => { }, CancellationToken.None).Outcome switch
        {
            TrialOutcome.Completed completed => completed.Value,
            TrialOutcome.Diverged => double.NaN,
            var other => throw new BenchmarkException($"A training of {Name} ended as {other}."),
        };
    }

    private sealed class Trainings(DigitsProblem problem, int seed) : ProblemRun
    {
        public override double Observe(TrialParameters parameters, int number) => problem.Train(parameters, seed, number);

        // Parameters that mostly diverge from other weights are no good choice, and +∞ says so.
        public override double Judge(TrialParameters parameters) => Median.Of(Enumerable.Range(0, Judges)
            .Select(i => problem.Train(parameters, JudgesSeed, i))
            .Select(loss => double.IsNaN(loss) ? double.PositiveInfinity : loss));
    }
}
