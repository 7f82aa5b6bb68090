using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

public class ClassCountsTests
{
    [Fact]
    public void Agrees_with_the_example_of_sklearn_s_macro_f1()
    {
        // sklearn.metrics.f1_score(average='macro') of these is 0.26666…: 0.8, 0 and 0.
        var counts = Count(3, [0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]);
        Assert.Equal(0.8 / 3, counts.F1, 1e-15);
        Assert.Equal(1.0 / 3, counts.Accuracy, 1e-15);
        Assert.Equal(1.0 / 3, counts.BalancedAccuracy, 1e-15);
    }

    [Fact]
    public void Agrees_with_the_example_of_sklearn_s_balanced_accuracy()
    {
        // sklearn.metrics.balanced_accuracy_score of these is 0.625: recalls 3/4 and 1/2. Two classes: F1 is that of the second.
        var counts = Count(2, [0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]);
        Assert.Equal(0.625, counts.BalancedAccuracy, 1e-15);
        Assert.Equal(4.0 / 6, counts.Accuracy, 1e-15);
        Assert.Equal(0.5, counts.F1, 1e-15);
        Assert.Equal(4, counts.Labelled(0));
        Assert.Equal(2, counts.Labelled(1));
    }

    [Fact]
    public void A_class_that_is_only_predicted_spoils_f1_but_has_no_recall()
    {
        // Class 3 is nowhere and counts nowhere; class 2 is never right: F1 0. Class 0 has precision 1 and recall 1/2, class 1 has 1 and 1.
        var counts = Count(4, [0, 0, 1], [0, 2, 1]);
        Assert.Equal(((2.0 / 3) + 1 + 0) / 3, counts.F1, 1e-15);
        Assert.Equal((0.5 + 1) / 2, counts.BalancedAccuracy, 1e-15);
    }

    [Fact]
    public void F1_is_zero_where_the_second_of_two_classes_is_neither_labelled_nor_predicted()
    {
        var counts = Count(2, [0, 0], [0, 0]);
        Assert.Equal(0, counts.F1);
        Assert.Equal(1, counts.Accuracy);
        Assert.Equal(1, counts.BalancedAccuracy);
    }

    [Fact]
    public void Forgets_when_told_to()
    {
        var counts = Count(2, [0, 1, 1], [1, 0, 0]);
        counts.Clear();
        Assert.Equal(0, counts.Labelled(1));
        counts.Add(1, 1);
        Assert.Equal(1, counts.Accuracy);
        Assert.Equal(1, counts.F1);
    }

    private static ClassCounts Count(int classes, int[] labels, int[] predicted)
    {
        var counts = new ClassCounts(classes);
        foreach (var (label, prediction) in labels.Zip(predicted))
        {
            counts.Add(label, prediction);
        }

        return counts;
    }
}
