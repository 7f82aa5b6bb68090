using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Counts of labels and predictions, and what follows from them.</summary>
/// <param name="classes">Number of classes; ≥ 2.</param>
public sealed class ClassCounts(int classes)
{
    private readonly long[] _labelled = new long[classes];
    private readonly long[] _predicted = new long[classes];
    private readonly long[] _right = new long[classes];

    public void Clear()
    {
        Array.Clear(_labelled);
        Array.Clear(_predicted);
        Array.Clear(_right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int label, int predicted)
    {
        _labelled[label]++;
        _predicted[predicted]++;
        if (label == predicted)
        {
            _right[label]++;
        }
    }

    /// <summary>Rows of a class.</summary>
    public long Labelled(int label) => _labelled[label];

    /// <summary>Share of rows predicted right.</summary>
    public double Accuracy
    {
        get
        {
            var (rows, right) = (0L, 0L);
            for (var c = 0; c < classes; c++)
            {
                rows += _labelled[c];
                right += _right[c];
            }

            return (double)right / rows;
        }
    }

    /// <summary>Mean recall over the classes that have rows.</summary>
    public double BalancedAccuracy
    {
        get
        {
            var (sum, present) = (0.0, 0);
            for (var c = 0; c < classes; c++)
            {
                if (_labelled[c] > 0)
                {
                    sum += (double)_right[c] / _labelled[c];
                    present++;
                }
            }

            return sum / present;
        }
    }

    /// <summary>Of the second class when there are two, else the mean over the classes that were labelled or predicted.</summary>
    public double F1
    {
        get
        {
            if (classes == 2)
            {
                return Of(1);
            }

            var (sum, present) = (0.0, 0);
            for (var c = 0; c < classes; c++)
            {
                if (_labelled[c] + _predicted[c] > 0)
                {
                    sum += Of(c);
                    present++;
                }
            }

            return sum / present;
        }
    }

    /// <summary>2·right ÷ (labelled + predicted), 0 where both are.</summary>
    private double Of(int c) => _labelled[c] + _predicted[c] == 0 ? 0 : 2.0 * _right[c] / (_labelled[c] + _predicted[c]);
}
