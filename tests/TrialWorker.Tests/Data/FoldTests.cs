using TuningCluster.Shared.Studies;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class FoldTests
{
    [Fact]
    public void Each_fold_is_scaled_by_its_own_training_rows()
    {
        var folds = LoadFolds(Lines("n,c,y", 60, i => $"{i * i},{"pqr"[i % 3]},{i % 2}"), Folds(5, ScaleMethod.Standard));
        Assert.Equal(5, folds.Count);
        foreach (var fold in folds)
        {
            Assert.Equal(4, fold.InputWidth);
            var numbers = Enumerable.Range(0, fold.Training.Rows).Select(i => (double)fold.Training.Features[4 * i]).ToArray();
            Assert.Equal(0, numbers.Average(), 1e-5);
            Assert.Equal(1, numbers.Average(v => v * v), 1e-5);
        }

        Assert.NotEqual(folds[0].Test!.Features, folds[1].Test!.Features);
        Assert.Equal(folds[0].Test!.Labels, folds[1].Test!.Labels);
    }

    [Fact]
    public void Missing_numbers_are_told_once_without_the_medians_that_differ()
    {
        var folds = LoadFolds(Lines("n,m,y", 60, i => $"{i},{(i % 7 == 0 ? "" : i * i)},{i % 2}"), Folds(4));
        Assert.Equal("Column 'm': 9 missing cells got the median of each fold's training part.", Assert.Single(folds.SelectMany(f => f.Notes).Distinct()));
    }

    [Fact]
    public void A_column_that_a_fold_could_not_train_on_is_left_out_of_all()
    {
        // Two known cells, which for some seed validate in the same of two folds: the other fold still trains on them, this one does not.
        var lonely = Enumerable.Range(0, 20)
            .Select(seed => LoadFolds(Lines("n,m,y", 12, i => $"{i},{(i is 3 or 4 ? i : "")},{i % 2}"), Folds(2) with { Split = new SplitSpec(0, 0, seed, false, 2) }))
            .First(folds => folds[0].InputWidth == 1);
        Assert.Equal(1, lonely[1].InputWidth);
        Assert.Contains("Column 'm' is left out: all its cells in the training part of a fold are missing.", lonely[0].Notes);
    }

    [Fact]
    public void Regression_targets_are_scaled_for_each_fold()
    {
        var folds = LoadFolds(Lines("n,y,z", 30, i => $"{i},{i * i},{i * 0.5}"), Folds(3, target: "y|z"));
        Assert.Equal(3, folds.Select(f => f.TargetMeans[0]).Distinct().Count());
        Assert.All(folds, f => Assert.Equal((2, 2), (f.TargetMeans.Count, f.OutputWidth)));
    }

    private static DataSpec Folds(int folds, ScaleMethod scale = ScaleMethod.None, string target = "y") =>
        Spec(target, scale: scale) with { Split = new SplitSpec(0, 0.2, 3, Stratify: target == "y", folds) };
}
