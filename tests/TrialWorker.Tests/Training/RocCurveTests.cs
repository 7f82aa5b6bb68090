using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

public class RocCurveTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(7, 7)]
    public void Is_the_share_of_pairs_in_the_right_order_ties_counted_half(int scores, int classes)
    {
        var curve = new RocCurve(120, scores);
        for (var seed = 0; seed < 60; seed++)
        {
            // The smaller the grid, the more ties; a curve is used again for parts of other sizes.
            var rng = Rng.For(seed, 0, "roc");
            var rows = 2 + rng.NextInt32(119);
            var grid = 1 + rng.NextInt32(40);
            var labels = Enumerable.Range(0, rows).Select(_ => rng.NextInt32(classes)).ToArray();
            var drawn = labels.Select(label => Enumerable.Range(0, scores)
                .Select(c => (float)(rng.NextInt32(grid) + (c == label || (scores == 1 && label == 1) ? 1 : 0)) - (grid / 2)).ToArray()).ToArray();
            Assert.Equal(Definition(drawn, labels, classes), Area(curve, drawn, labels), 1e-12);
        }
    }

    [Fact]
    public void Is_one_half_where_all_scores_are_equal_and_tells_no_zeros_apart()
    {
        Assert.Equal(0.5, Area(new RocCurve(4, 1), [[3], [3], [3], [3]], [0, 1, 1, 0]));
        Assert.Equal(0.5, Area(new RocCurve(2, 1), [[0], [-0f]], [0, 1]));
        Assert.Equal(0.5, Area(new RocCurve(2, 1), [[0], [-0f]], [1, 0]));
    }

    [Fact]
    public void Ranks_infinities_first_and_last()
    {
        Assert.Equal(1, Area(new RocCurve(3, 1), [[float.PositiveInfinity], [0], [float.NegativeInfinity]], [1, 0, 0]));
        Assert.Equal(0, Area(new RocCurve(3, 1), [[float.PositiveInfinity], [0], [float.NegativeInfinity]], [0, 0, 1]));
    }

    [Fact]
    public void Is_nan_when_every_row_has_the_same_class()
    {
        Assert.Equal(double.NaN, Area(new RocCurve(3, 1), [[1], [2], [3]], [1, 1, 1]));
        Assert.Equal(double.NaN, Area(new RocCurve(3, 2), [[1, 0], [2, 0], [3, 0]], [0, 0, 0]));
        Assert.Equal(double.NaN, Area(new RocCurve(3, 3), [[1, 0, 0], [2, 0, 0], [3, 0, 0]], [2, 2, 2]));
        Assert.Equal(double.NaN, new RocCurve(3, 1).Area([]));
    }

    [Fact]
    public void Leaves_out_classes_without_rows()
    {
        // Of three classes two have rows: 0 against the rest is 3 of 4 pairs right, 1 against the rest 4 of 4.
        float[][] scores = [[0.9f, 0.1f, 0], [0.3f, 0.2f, 0], [0.5f, 0.7f, 0], [0.2f, 0.8f, 0]];
        Assert.Equal((0.75 + 1) / 2, Area(new RocCurve(4, 3), scores, [0, 0, 1, 1]), 1e-15);
    }

    private static double Area(RocCurve curve, float[][] scores, int[] labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            scores[i].CopyTo(curve.Row(i));
        }

        return curve.Area(labels);
    }

    /// <summary>The second of two classes against the first; else the mean over the classes that have rows and of which the rest has rows.</summary>
    public static double Definition(float[][] scores, int[] labels, int classes)
    {
        int[] judged = classes == 2 ? [1] : [.. Enumerable.Range(0, classes).Where(c => labels.Contains(c) && labels.Any(label => label != c))];
        return judged.Average(c =>
        {
            var column = scores[0].Length == 1 ? 0 : c;
            var (right, pairs) = (0.0, 0);
            for (var i = 0; i < labels.Length; i++)
            {
                for (var j = 0; j < labels.Length; j++)
                {
                    if (labels[i] == c && labels[j] != c)
                    {
                        pairs++;
                        right += scores[i][column] > scores[j][column] ? 1 : scores[i][column] == scores[j][column] ? 0.5 : 0;
                    }
                }
            }

            return right / pairs;
        });
    }
}
