using TuningCluster.Shared.Studies;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class TargetTests
{
    [Fact]
    public void Text_means_classification_with_classes_in_ordinal_order()
    {
        var data = Load("a,y\n1,b\n2,B\n3,a\n4,b\n");
        Assert.Equal(LearningTask.Classification, data.Task);
        Assert.Equal(["B", "a", "b"], data.Classes);
        Assert.Equal(3, data.OutputWidth);
        Assert.Equal((0f, 1f), (Assert.Single(data.TargetMeans), Assert.Single(data.TargetScales)));
        Assert.Empty(data.Training.Targets);
    }

    [Fact]
    public void Few_whole_numbers_mean_classification_with_classes_by_value()
    {
        var data = Load(Lines("a,y", 40, i => $"{i},{(i % 20) - 1}"));
        Assert.Equal(LearningTask.Classification, data.Task);
        Assert.Equal(Enumerable.Range(-1, 20).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), data.Classes);
    }

    [Fact]
    public void Two_spellings_of_a_number_are_one_class() => Assert.Equal(["0", "1"], Load("a,y\n1,1.0\n2,1\n3,0\n4,00\n").Classes);

    [Theory]
    [InlineData(21, "")]
    [InlineData(3, ".5")]
    public void Many_or_broken_numbers_mean_regression(int distinct, string fraction)
    {
        var data = Load(Lines("a,y", 60, i => $"{i},{i % distinct}{fraction}"));
        Assert.Equal(LearningTask.Regression, data.Task);
        Assert.Empty(data.Classes);
        Assert.Equal(1, data.OutputWidth);
        Assert.Empty(data.Training.Labels);
    }

    [Fact]
    public void The_task_of_the_study_file_wins()
    {
        Assert.Equal(LearningTask.Regression, Load("a,y\n1,0\n2,1\n3,0\n4,1\n5,1\n", Spec(task: LearningTask.Regression)).Task);
        Assert.Equal(["0.5", "1.5"], Load("a,y\n1,0.5\n2,1.5\n3,0.5\n4,1.5\n", Spec(task: LearningTask.Classification)).Classes);
    }

    [Fact]
    public void Rows_without_target_are_left_out_and_counted()
    {
        var data = Load("a,y\n1,u\n2,\n3,v\n4,NA\n5,u\n6,?\n7,v\n");
        Assert.Equal(4, data.Training.Rows + data.Validation.Rows);
        Assert.Equal(["1 → 0", "3 → 1", "5 → 0", "7 → 1"], Rows(data));
        Assert.Equal("3 rows without a 'y' left out.", Assert.Single(data.Notes));
    }

    [Fact]
    public void Regression_targets_are_standardised_by_the_training_part_alone()
    {
        var data = Load(Lines("a,y", 40, i => $"{i},{1e7 + (i * i)}"));
        var training = data.Training.Features.Select(a => 1e7 + (a * a)).ToArray();
        var mean = training.Average();
        var deviation = Math.Sqrt(training.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(mean, data.TargetMeans[0], 1.0);
        Assert.Equal(deviation, data.TargetScales[0], 1e-3 * deviation);
        Assert.Equal(0, data.Training.Targets.Average(), 0.01);

        // Back in its own units a target of the validation part is what the file says, although its offset is large.
        for (var i = 0; i < data.Validation.Rows; i++)
        {
            var a = data.Validation.Features[i];
            Assert.Equal(1e7 + (a * a), ((double)data.Validation.Targets[i] * data.TargetScales[0]) + data.TargetMeans[0], 0.01);
        }
    }

    [Theory]
    [InlineData("a,label\n1,u\n2,v\n", "lable", null, "'data.csv' has no column 'lable'", "Did you mean 'label'?")]
    [InlineData("a,label\n1,u\n2,v\n", "price", null, "'data.csv' has no column 'price'", "Its columns are a, label.")]
    [InlineData("a,y\n1,2\n2,cat\n", "y", LearningTask.Regression, "'y' is not numeric ('cat', line 3), as regression needs", "Write 'task: classification', or choose another target.")]
    [InlineData("a,y\n1,u\n2,u\n", "y", null, "every row has the class 'u': there is nothing to learn", "Choose another target.")]
    [InlineData("a,y\n1,3\n2,3.0\n", "y", null, "every row has the class '3': there is nothing to learn", "Choose another target.")]
    [InlineData("a,y\n1,3\n2,3\n", "y", LearningTask.Regression, "every row has the value 3: there is nothing to learn", "Choose another target.")]
    [InlineData("a,y\n1,\n2,NA\n", "y", null, "every cell of 'y' is missing", null)]
    public void Says_what_is_wrong_with_the_target(string text, string target, LearningTask? task, string problem, string? hint)
    {
        var error = Refused(text, Spec(target, task));
        Assert.Equal("data.target", error.Path);
        Assert.Equal(problem, error.Problem);
        Assert.Equal(hint, error.Hint);
    }

    [Fact]
    public void Too_many_classes_are_refused()
    {
        var words = Refused(Lines("a,y", 1100, i => $"{i},w{i}"));
        Assert.Equal("'y' has more than 1000 distinct values, too many for classes", words.Problem);
        Assert.Equal("Choose another target.", words.Hint);
        var numbers = Refused(Lines("a,y", 1100, i => $"{i},{i}"), Spec(task: LearningTask.Classification));
        Assert.Equal("Write 'task: regression'.", numbers.Hint);
    }

    [Fact]
    public void Several_targets_are_a_regression_in_the_order_of_the_study_file()
    {
        var text = Lines("a,y,z", 40, i => FormattableString.Invariant($"{i},{i % 3},{1000 + (i * i)}"));
        var data = Load(text, Spec("z|y"));
        Assert.Equal(LearningTask.Regression, data.Task);
        Assert.Equal(["z", "y"], data.TargetNames);
        Assert.Equal((1, 2), (data.InputWidth, data.OutputWidth));
        foreach (var part in (TrialWorker.Data.DataPart[])[data.Training, data.Validation])
        {
            Assert.Equal(2 * part.Rows, part.Targets.Length);
            for (var i = 0; i < part.Rows; i++)
            {
                var a = part.Features[i];

                // Undone with the numbers that did it, an error of half a unit in the last place of (value − mean) / scale is left: below 2⁻²³ · 4 · scale.
                Assert.Equal(1000 + (a * a), ((double)part.Targets[2 * i] * data.TargetScales[0]) + data.TargetMeans[0], data.TargetScales[0] * 5e-7);
                Assert.Equal(a % 3, ((double)part.Targets[(2 * i) + 1] * data.TargetScales[1]) + data.TargetMeans[1], data.TargetScales[1] * 5e-7);
            }
        }
    }

    [Fact]
    public void Each_of_several_targets_is_standardised_by_itself()
    {
        var data = Load(Lines("a,y,z", 60, i => $"{i},{i % 7},{1000 * (i % 11)}"), Spec("y|z"));
        for (var t = 0; t < 2; t++)
        {
            var values = Enumerable.Range(0, data.Training.Rows).Select(i => (double)data.Training.Targets[(2 * i) + t]).ToArray();
            Assert.Equal(0, values.Average(), 1e-5);
            Assert.Equal(1, values.Average(v => v * v), 1e-5);
        }
    }

    [Fact]
    public void Rows_that_miss_any_of_several_targets_are_left_out()
    {
        var data = Load("a,y,z\n1,1,2\n2,,3\n3,4,5\n4,NA,?\n5,6,8\n6,7,\n7,1,1\n", Spec("y|z"));
        Assert.Equal(4, data.Training.Rows + data.Validation.Rows);
        Assert.Equal("3 rows without a value of each of y, z left out.", Assert.Single(data.Notes));
    }

    [Fact]
    public void Every_wrong_target_of_a_list_is_told_at_its_place()
    {
        var unknown = Assert.Throws<SpecException>(() => Load("a,y,z\n1,1,2\n2,2,3\n", Spec("x1|y|zz"))).Errors;
        Assert.Equal(["data.target[0]", "data.target[2]"], unknown.Select(e => e.Path));

        var unfit = Assert.Throws<SpecException>(() => Load("a,x,y,z\n1,u,1,\n2,v,2,\n", Spec("x|y|z"))).Errors;
        Assert.Equal(["data.target[0]", "data.target[2]"], unfit.Select(e => e.Path));
        Assert.Equal("every cell of 'z' is missing", unfit[1].Problem);

        var constant = Assert.Throws<SpecException>(() => Load("a,y,z\n1,1,2\n2,2,2\n", Spec("y|z"))).Errors;
        Assert.Equal(("data.target[1]", "every row has the value 2 of 'z': there is nothing to learn"), (constant[0].Path, constant[0].Problem));
    }

    [Fact]
    public void Targets_that_are_never_known_together_are_refused() =>
        Assert.Equal("no row has a value of all of y, z", Refused("a,y,z\n1,1,\n2,,2\n", Spec("y|z")).Problem);
}
