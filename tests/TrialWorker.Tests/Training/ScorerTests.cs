using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

/// <summary>The network hands its features on as its outputs, so that a part says what it is scored by.</summary>
public class ScorerTests
{
    /// <summary>More than two blocks of rows, the last of them not full.</summary>
    private const int Rows = (2 * Scorer.BlockRows) + 37;

    /// <summary>Float differences and losses, summed in double.</summary>
    private const double Tolerance = 1e-6;

    [Fact]
    public void Tells_the_errors_of_several_targets_in_the_units_of_each()
    {
        float[] scales = [4, 0.5f, 1];
        var (outputs, targets) = (Draw(Rows, 3, 1), Draw(Rows, 3, 2));
        var score = Score(LossKind.MeanSquared, outputs, [], targets, scales);
        var (mae, rmse, r2) = (0.0, 0.0, 0.0);
        for (var t = 0; t < 3; t++)
        {
            var errors = outputs.Zip(targets, (y, want) => (double)(y[t] - want[t])).ToArray();
            var mean = targets.Average(row => (double)row[t]);
            mae += scales[t] * errors.Average(Math.Abs) / 3;
            rmse += scales[t] * Math.Sqrt(errors.Average(e => e * e)) / 3;
            r2 += (1 - (errors.Sum(e => e * e) / targets.Sum(row => (row[t] - mean) * (row[t] - mean)))) / 3;
        }

        Assert.Equal(mae, score.MeanAbsoluteError, Tolerance);
        Assert.Equal(rmse, score.RootMeanSquaredError, Tolerance);
        Assert.Equal(r2, score.R2, Tolerance);

        // Several targets have several units: their loss stays in that of the scaled ones.
        Assert.Equal(outputs.Zip(targets, (y, want) => y.Zip(want, (a, b) => Math.Pow(a - b, 2)).Average()).Average(), score.Loss, Tolerance);
        Assert.All([score.Accuracy, score.BalancedAccuracy, score.F1, score.Auc], figure => Assert.Equal(double.NaN, figure));
    }

    [Theory]
    [InlineData(LossKind.MeanSquared, 9)]
    [InlineData(LossKind.MeanAbsolute, 3)]
    [InlineData(LossKind.Huber, 9)]
    [InlineData(LossKind.LogCosh, 1)]
    public void Tells_the_loss_of_one_target_in_its_unit(LossKind kind, double unit)
    {
        var (outputs, targets) = (Draw(Rows, 1, 1), Draw(Rows, 1, 2));
        var score = Score(kind, outputs, [], targets, [3]);
        var loss = outputs.Zip(targets, (y, want) => Math.Abs((double)(y[0] - want[0]))).Average(e => kind switch
        {
            LossKind.MeanSquared => e * e,
            LossKind.MeanAbsolute => e,
            LossKind.Huber => e <= 1 ? e * e / 2 : e - 0.5,
            _ => Math.Log(Math.Cosh(e)),
        });
        Assert.Equal(unit * loss, score.Loss, unit * Tolerance);
    }

    [Fact]
    public void Explains_all_of_a_constant_target_or_nothing()
    {
        float[][] constant = [[0.1f], [0.1f], [0.1f]];
        Assert.Equal(1, Score(LossKind.MeanSquared, constant, [], constant, [2]).R2);
        Assert.Equal(0, Score(LossKind.MeanSquared, [[0.1f], [0.2f], [0.1f]], [], constant, [2]).R2);
        Assert.Equal(0, Score(LossKind.MeanSquared, [[2], [2], [2], [2]], [], [[1], [2], [3], [2]], [1]).R2, 1e-15);
    }

    [Theory]
    [InlineData(LossKind.CrossEntropy, 2)]
    [InlineData(LossKind.CrossEntropy, 3)]
    [InlineData(LossKind.Hinge, 3)]
    [InlineData(LossKind.SquaredHinge, 4)]
    [InlineData(LossKind.MeanSquared, 2)]
    [InlineData(LossKind.MeanSquared, 3)]
    [InlineData(LossKind.BinaryCrossEntropy, 2)]
    [InlineData(LossKind.Hinge, 2)]
    [InlineData(LossKind.SquaredHinge, 2)]
    public void Ranks_and_predicts_as_the_loss_reads_the_outputs(LossKind kind, int classes)
    {
        var width = new LossSettings(kind).OutputsFor(classes);
        var labels = Labels(classes);
        var outputs = Draw(Rows, width, 3);

        // Rows with large outputs throughout, on which only their differences tell.
        for (var i = 0; i < Rows; i++)
        {
            outputs[i] = [.. outputs[i].Select((y, c) => y + (width > 1 ? i % 5 : 0) + (c == labels[i] ? 0.5f : 0) + (width == 1 ? labels[i] : 0))];
        }

        var score = Score(kind, outputs, labels);
        var predicted = outputs.Select(y => width == 1 ? y[0] > 0 ? 1 : 0 : Array.IndexOf(y, y.Max())).ToArray();
        Assert.Equal(predicted.Zip(labels, (p, label) => p == label ? 1.0 : 0).Average(), score.Accuracy, 1e-12);
        var ranked = outputs.Select(y => width == 2 ? [y[0] - y[1], y[1] - y[0]] : kind == LossKind.CrossEntropy ? LogSoftmax(y) : y).ToArray();

        // Scores that float rounding may tie or part differ by one pair in tens of thousands.
        Assert.Equal(RocCurveTests.Definition(ranked, labels, classes), score.Auc, width == 1 ? 1e-12 : 1e-4);
        Assert.Equal(double.NaN, Score(kind, outputs, labels, withCurve: false).Auc);
        Assert.All([score.MeanAbsoluteError, score.RootMeanSquaredError, score.R2], figure => Assert.Equal(double.NaN, figure));
    }

    [Theory]
    [InlineData(LossKind.Hinge)]
    [InlineData(LossKind.SquaredHinge)]
    [InlineData(LossKind.BinaryCrossEntropy)]
    public void Two_classes_on_one_output_are_parted_at_zero(LossKind kind)
    {
        // Zero itself is the first class. Margins 1 ∓ z: 1.5, 1, 0, 0.75, 2.
        var score = Score(kind, [[0.5f], [0], [-2], [0.25f], [-1]], [0, 0, 0, 1, 1]);
        Assert.Equal(3.0 / 5, score.Accuracy, 1e-15);
        Assert.Equal(((2.0 / 3) + 0.5) / 2, score.BalancedAccuracy, 1e-15);
        Assert.Equal(0.5, score.F1, 1e-15);
        Assert.Equal(3.0 / 6, score.Auc, 1e-15);
        Assert.Equal(
            kind switch
            {
                LossKind.Hinge => (1.5 + 1 + 0 + 0.75 + 2) / 5,
                LossKind.SquaredHinge => (2.25 + 1 + 0 + 0.5625 + 4) / 5,
                _ => new[] { 0.5, 0, -2, -0.25, 1 }.Average(z => Math.Log(1 + Math.Exp(z))),
            },
            score.Loss,
            Tolerance);
    }

    [Fact]
    public void Leaves_smoothing_and_class_weights_out()
    {
        var (outputs, labels) = (Draw(Rows, 3, 4), Labels(3));
        var plain = Score(LossKind.CrossEntropy, outputs, labels);
        var shaped = new LossSettings(LossKind.CrossEntropy, LabelSmoothing: 0.3, IsBalanced: true);
        Assert.Equal(plain, Score(shaped, outputs, labels, [], [1], true, [0.5f, 1, 4]));
        Assert.Equal(outputs.Zip(labels, (y, label) => -(double)LogSoftmax(y)[label]).Average(), plain.Loss, Tolerance);
    }

    [Fact]
    public void Scores_parts_of_any_size_one_after_the_other()
    {
        var (outputs, labels) = (Draw(Rows, 3, 5), Labels(3));
        var (scorer, data) = Create(new LossSettings(LossKind.CrossEntropy), outputs, labels, [], [1], []);
        var whole = scorer.Score(data.Validation, true, CancellationToken.None);
        foreach (var rows in new[] { 5, 1, Scorer.BlockRows, Scorer.BlockRows + 1 })
        {
            var part = Part(outputs[..rows], labels[..rows], []);
            Assert.Equal(Score(LossKind.CrossEntropy, outputs[..rows], labels[..rows]), scorer.Score(part, true, CancellationToken.None));
        }

        Assert.Equal(whole, scorer.Score(data.Validation, true, CancellationToken.None));
    }

    [Fact]
    public void Stops_when_told_to()
    {
        var (scorer, data) = Create(new LossSettings(LossKind.CrossEntropy), Draw(9, 3, 1), [.. Labels(3).Take(9)], [], [1], []);
        Assert.Throws<OperationCanceledException>(() => scorer.Score(data.Validation, true, new CancellationToken(canceled: true)));
    }

    private static float[] LogSoftmax(float[] y)
    {
        var max = y.Max();
        var sum = Math.Log(y.Sum(z => Math.Exp(z - max)));
        return [.. y.Select(z => (float)(z - max - sum))];
    }

    private static float[][] Draw(int rows, int width, int seed)
    {
        var rng = Rng.For(seed, 0, "scorer");
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => (float)rng.NextNormal()).ToArray())];
    }

    private static int[] Labels(int classes)
    {
        var rng = Rng.For(9, 0, "labels");
        return [.. Enumerable.Range(0, Rows).Select(_ => rng.NextInt32(classes))];
    }

    private static PartScore Score(LossKind kind, float[][] outputs, int[] labels, bool withCurve = true) =>
        Score(new LossSettings(kind), outputs, labels, [], [1], withCurve, []);

    private static PartScore Score(LossKind kind, float[][] outputs, int[] labels, float[][] targets, float[] scales) =>
        Score(new LossSettings(kind), outputs, labels, targets, scales, true, []);

    private static PartScore Score(
        LossSettings loss, float[][] outputs, int[] labels, float[][] targets, float[] scales, bool withCurve, float[] classWeights)
    {
        var (scorer, data) = Create(loss, outputs, labels, targets, scales, classWeights);
        return scorer.Score(data.Validation, withCurve, CancellationToken.None);
    }

    private static (Scorer Scorer, DataSet Data) Create(
        LossSettings loss, float[][] outputs, int[] labels, float[][] targets, float[] scales, float[] classWeights)
    {
        var part = Part(outputs, labels, targets);
        var width = outputs[0].Length;
        string[] names = [.. Enumerable.Range(0, loss.NeedsClasses && width == 1 ? 2 : width).Select(i => $"{i}")];
        var task = labels.Length > 0 ? LearningTask.Classification : LearningTask.Regression;
        var data = task == LearningTask.Classification
            ? new DataSet(task, width, [], names, ["class"], part, part, null, [0], [1], [])
            : new DataSet(task, width, [], [], names, part, part, null, new float[width], scales, []);
        var network = new Network(new Architecture(width, [], width, ActivationKind.Relu));
        for (var j = 0; j < width; j++)
        {
            network.Weights(0)[network.WeightIndex(0, j, j)] = 1;
        }

        return (new Scorer(network, data, loss.Create(task, names.Length, classWeights), part.Rows), data);
    }

    private static DataPart Part(float[][] outputs, int[] labels, float[][] targets) =>
        new(outputs.Length, outputs[0].Length, [.. outputs.SelectMany(row => row)], [], labels, [.. targets.SelectMany(row => row)]);
}
