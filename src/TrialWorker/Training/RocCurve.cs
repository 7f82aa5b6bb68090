namespace TuningCluster.TrialWorker.Training;

/// <summary>The area under the ROC curve: the probability that a row of the class scores above one that is not, ties counted half.</summary>
/// <remarks>By ranks (Mann and Whitney 1947); with more than two classes one against the rest, the mean over those that can be judged.</remarks>
/// <param name="maxRows">Rows of the largest part.</param>
/// <param name="scores">Scores a row has: one a class, or one for the second of two.</param>
public sealed class RocCurve(int maxRows, int scores)
{
    private readonly float[] _scores = new float[maxRows * scores];
    private readonly float[] _keys = new float[maxRows];
    private readonly int[] _labels = new int[maxRows];

    /// <summary>The scores of a row, to be filled; the higher, the more likely the class.</summary>
    public Span<float> Row(int row) => _scores.AsSpan(row * scores, scores);

    /// <param name="labels">Class of each row, shape [n].</param>
    /// <returns>In [0, 1]; NaN when every row has the same class.</returns>
    public double Area(ReadOnlySpan<int> labels)
    {
        if (scores == 1)
        {
            return Area(labels, 1, 0);
        }

        if (scores == 2)
        {
            return Area(labels, 1, 1);
        }

        var (sum, judged) = (0.0, 0);
        for (var c = 0; c < scores; c++)
        {
            var area = Area(labels, c, c);
            if (!double.IsNaN(area))
            {
                sum += area;
                judged++;
            }
        }

        return judged == 0 ? double.NaN : sum / judged;
    }

    private double Area(ReadOnlySpan<int> labels, int label, int column)
    {
        var n = labels.Length;
        for (var i = 0; i < n; i++)
        {
            _keys[i] = _scores[(i * scores) + column];
            _labels[i] = labels[i];
        }

        _keys.AsSpan(0, n).Sort(_labels.AsSpan(0, n));
        var (ranks, positives) = (0.0, 0L);
        for (var start = 0; start < n;)
        {
            var end = start + 1;
            while (end < n && _keys[end] == _keys[start])
            {
                end++;
            }

            // Equal scores share the mean of their ranks, which begin at 1.
            var rank = (start + 1 + end) / 2.0;
            for (var i = start; i < end; i++)
            {
                if (_labels[i] == label)
                {
                    ranks += rank;
                    positives++;
                }
            }

            start = end;
        }

        var negatives = n - positives;
        return positives == 0 || negatives == 0
            ? double.NaN
            : (ranks - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }
}
