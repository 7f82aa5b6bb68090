using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Hosting;

public sealed class TrialTableTests : IDisposable
{
    private const string Text = """
        name: digits
        data: { source: digits.csv, target: label }
        parameters:
          learning_rate: { type: float, low: 1e-4, high: 1, log: true }
          layers: { type: int, low: 1, high: 4 }
          residual: { type: categorical, choices: [true, false] }
          optimizer: { type: categorical, choices: [sgd, adam] }
          momentum: { type: float, low: 0, high: 0.99, when: { optimizer: sgd } }
        strategy: tpe
        budget: { trials: 4 }
        warm_start: { csv: trials.csv }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("tuning-table-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    // By hand, with the metric's name.
    [InlineData("learning_rate,layers,residual,optimizer,momentum,validation_loss\n0.01,2,true,sgd,0.9,0.5\n0.1,3,false,adam,,0.25\n")]
    // Optuna's trials_dataframe().to_csv(), whose unfinished and failed trials have no value.
    [InlineData(",number,value,datetime_start,params_residual,params_layers,params_learning_rate,params_momentum,params_optimizer,state\n"
        + "0,0,0.5,2026-01-01 10:00:00.1,True,2.0,0.01,0.9,sgd,COMPLETE\n1,1,,2026-01-01,True,1.0,0.5,,adam,FAIL\n2,2,0.25,2026-01-01,False,3.0,0.1,,adam,TrialState.COMPLETE\n3,3,0.7,2026-01-01,False,3.0,0.1,,adam,PRUNED\n")]
    // Ray Tune's get_dataframe().
    [InlineData("validation_loss,trial_id,config/learning_rate,config/layers,config/residual,config/optimizer,config/momentum\n0.5,a1,0.01,2,True,sgd,0.9\n0.25,a2,0.1,3,False,adam,NaN\n")]
    // tuning trials -o csv.
    [InlineData("number,state,value,parameters.learning_rate,parameters.layers,parameters.residual,parameters.optimizer,parameters.momentum,metrics.validation_loss\n"
        + "0,complete,9,0.01,2,true,sgd,0.9,0.5\n1,failed,,0.01,2,true,sgd,0.9,\n2,complete,9,0.1,3,false,adam,,0.25\n")]
    public void Reads_the_tables_of_others_and_our_own(string table)
    {
        var warm = Read(table);

        Assert.Equal(
            ["learning_rate=0.01 layers=2 residual=true optimizer=sgd momentum=0.9: 0.5", "learning_rate=0.1 layers=3 residual=false optimizer=adam: 0.25"],
            warm.Trials.Select(t => FormattableString.Invariant($"{t.Parameters}: {t.Value}")));
        Assert.Equal("starts from 2 trials of 'trials.csv'.", Assert.Single(warm.Notes));
    }

    [Fact]
    public void Diverged_rows_and_values_that_are_no_numbers_are_known_to_be_bad()
    {
        var warm = Read("learning_rate,layers,residual,optimizer,momentum,value,state\n1,2,true,sgd,0.9,,diverged\n1,2,true,sgd,0.8,inf,complete\n1,2,true,sgd,0.8,,complete\n");

        Assert.Equal([null, null], warm.Trials.Select(t => t.Value));
        Assert.Equal("starts from 2 of 3 trials of 'trials.csv'; left out: 1 without a value of validation_loss (row 3).", Assert.Single(warm.Notes));
    }

    [Theory]
    [InlineData("learning_rat,layers,residual,optimizer,momentum,loss\n", "'trials.csv' has no column 'learning_rate' | its column 'learning_rat' may be meant", "'trials.csv' has no column 'validation_loss', nor 'value' | name the column of the objective so")]
    [InlineData("learning_rate,layers,residual,optimizer,momentum,value\n", "'trials.csv' has no complete trial to start from")]
    [InlineData("learning_rate,layers,residual,optimizer,momentum,value\n7,2,true,sgd,0.9,1\n", "none of the 1 trials of 'trials.csv' is of use here: 1 whose learning_rate is not float 0.0001 to 1 (log) (row 1 has 7)")]
    [InlineData("learning_rate,layers,residual,optimizer,momentum,value\n0.1,2,true,sgd,0.9,good\n", "value in row 1 of 'trials.csv' is 'good', no number")]
    [InlineData("learning_rate,layers,residual,optimizer,momentum,value\n0.1,2,true,sgd\n", "row 1 of 'trials.csv' has 4 cells, its header has 6")]
    [InlineData("value,value\n1,1\n", "'trials.csv' has two columns 'value'")]
    [InlineData(null, "there is no file 'trials.csv' | a path is relative to the study file")]
    public void Faults_say_what_where_and_what_instead(string? table, params string[] expected)
    {
        var errors = Assert.Throws<SpecException>(() => Read(table)).Errors;

        Assert.All(errors, e => Assert.Equal("warm_start.csv", e.Path));
        Assert.Equal(expected.Length, errors.Count);
        Assert.All(errors.Zip(expected), pair => Assert.StartsWith(pair.Item2, $"{pair.Item1.Problem} | {pair.Item1.Hint}", StringComparison.Ordinal));
    }

    private WarmStart Read(string? table)
    {
        if (table is not null)
        {
            File.WriteAllText(Path.Combine(_directory, "trials.csv"), table);
        }

        return TrialTable.Read(Specs.Parse(Text), _directory);
    }
}
