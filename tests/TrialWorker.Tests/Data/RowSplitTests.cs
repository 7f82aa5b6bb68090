using CsCheck;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class RowSplitTests
{
    private static readonly Gen<(int Rows, double Validation, double Test, long Seed)> Plain =
        Gen.Select(Gen.Int[3, 400], Gen.Double[0.01, 0.5], Gen.Double[0, 0.45], Gen.Long).Select(t => (t.Item1, t.Item2, t.Item3, t.Item4));

    private static readonly Gen<(int[] Labels, double Validation, double Test, long Seed)> Classified =
        Gen.Select(Gen.Int[3, 60].Array[2, 8], Gen.Double[0.1, 0.4], Gen.OneOf(Gen.Const(0.0), Gen.Double[0.1, 0.4]), Gen.Long)
            .Select(t => (t.Item1.SelectMany((count, label) => Enumerable.Repeat(label, count)).ToArray(), t.Item2, t.Item3, t.Item4));

    private static readonly Gen<(int Rows, int Folds, double Test, long Seed)> Folded =
        Gen.Select(Gen.Int[12, 400], Gen.Int[2, 10], Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 0.5]), Gen.Long).Select(t => (t.Item1, t.Item2, t.Item3, t.Item4));

    [Fact]
    public void The_parts_are_disjoint_exhaustive_sorted_and_never_empty() => Plain.Sample(
        c =>
        {
            var split = Single(new SplitSpec(c.Validation, c.Test, c.Seed, Stratify: false), c.Rows, [], []);
            Assert.Equal(Enumerable.Range(0, c.Rows), split.Training.Concat(split.Validation).Concat(split.Test).Order());
            Assert.All([split.Training, split.Validation, split.Test], p => Assert.Equal(p.Order(), p));
            Assert.NotEmpty(split.Training);
            Assert.NotEmpty(split.Validation);
            Assert.Equal(c.Test > 0, split.Test.Length > 0);
            Assert.InRange(split.Validation.Length, Math.Floor(c.Rows * c.Validation) - 2, Math.Ceiling(c.Rows * c.Validation) + 1);
        },
        iter: 300);

    [Fact]
    public void The_same_seed_draws_the_same_parts_and_another_seed_others() => Plain.Where(c => c.Rows > 60 && c.Validation > 0.2).Sample(
        c =>
        {
            var spec = new SplitSpec(c.Validation, c.Test, c.Seed, Stratify: false);
            var split = Single(spec, c.Rows, [], []);
            Assert.Equal(split.Validation, Single(spec, c.Rows, [], []).Validation);
            Assert.NotEqual(split.Validation, Single(spec with { Seed = c.Seed ^ 1 }, c.Rows, [], []).Validation);
        },
        iter: 100);

    [Fact]
    public void Stratified_parts_have_each_class_by_its_share_within_one_row() => Classified.Sample(
        c =>
        {
            var classes = c.Labels.Max() + 1;
            var split = Single(new SplitSpec(c.Validation, c.Test, c.Seed, Stratify: true), c.Labels.Length, c.Labels, Names(classes));
            Assert.Equal(Enumerable.Range(0, c.Labels.Length), split.Training.Concat(split.Validation).Concat(split.Test).Order());
            for (var label = 0; label < classes; label++)
            {
                var rows = c.Labels.Count(l => l == label);
                foreach (var (part, share) in new[] { (split.Training, 1 - c.Validation - c.Test), (split.Validation, c.Validation), (split.Test, c.Test) })
                {
                    var count = part.Count(row => c.Labels[row] == label);
                    Assert.Equal(share > 0, count > 0);

                    // Where a share is less than a row, a row must come from the others.
                    if (rows * Math.Min(c.Validation, c.Test > 0 ? c.Test : 1) >= 1)
                    {
                        Assert.InRange(count, (rows * share) - 1.0001, (rows * share) + 1.0001);
                    }
                }
            }
        },
        iter: 300);

    [Fact]
    public void Roundings_of_many_classes_balance_one_another()
    {
        var labels = Enumerable.Range(0, 120).Select(i => i % 10).ToArray();
        var split = Single(new SplitSpec(0.2, 0.2, 7, Stratify: true), 120, labels, Names(10));
        Assert.Equal((72, 24, 24), (split.Training.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void Whole_shares_are_exact_although_their_products_are_not()
    {
        var split = Single(new SplitSpec(0.1, 0.2, 1, Stratify: false), 10, [], []);
        Assert.Equal((7, 1, 2), (split.Training.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void The_drawn_parts_never_change_between_releases()
    {
        var split = Single(new SplitSpec(0.25, 0.25, 42, Stratify: true), 16, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], Names(2));
        Assert.Equal("0 3 4 9 | 5 7 10 14", $"{string.Join(' ', split.Validation)} | {string.Join(' ', split.Test)}");
    }

    [Theory]
    [InlineData(1, 0.5, 0.0, "1 row cannot be split into 2 parts")]
    [InlineData(2, 0.2, 0.2, "2 rows cannot be split into 3 parts")]
    [InlineData(9, 0.5, 0.5, "validation 0.5 and test 0.5 leave nothing to train on")]
    [InlineData(9, 0.0, 0.5, "validation 0 and test 0.5 leave nothing to train on")]
    public void Says_why_it_cannot_split(int rows, double validation, double test, string problem)
    {
        var error = Assert.Throws<SpecException>(() => RowSplit.Draw(new SplitSpec(validation, test, 1, Stratify: false), rows, [], []));
        Assert.Equal(("data.split", problem), (error.Errors[0].Path, error.Errors[0].Problem));
    }

    [Fact]
    public void A_class_too_rare_to_stratify_is_named()
    {
        var error = Assert.Throws<SpecException>(() => RowSplit.Draw(new SplitSpec(0.2, 0.2, 1, Stratify: true), 8, [0, 0, 0, 0, 1, 1, 0, 0], ["no", "yes"])).Errors[0];
        Assert.Equal("class 'yes' has 2 rows; 3 stratified parts need one each", error.Problem);
        Assert.Contains("stratify: false", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_outside_the_test_part_validates_once_and_folds_are_of_a_size() => Folded.Sample(
        c =>
        {
            var splits = RowSplit.Draw(new SplitSpec(0, c.Test, c.Seed, Stratify: false, c.Folds), c.Rows, [], []);
            Assert.Equal(c.Folds, splits.Count);
            Assert.All(splits, s => Assert.Equal(splits[0].Test, s.Test));
            Assert.Equal(c.Test > 0, splits[0].Test.Length > 0);
            Assert.Equal(Enumerable.Range(0, c.Rows), splits.SelectMany(s => s.Validation).Concat(splits[0].Test).Order());
            Assert.All(splits, s => Assert.Equal(Enumerable.Range(0, c.Rows), s.Training.Concat(s.Validation).Concat(s.Test).Order()));
            Assert.All(splits, s => Assert.Equal(s.Training.Order(), s.Training));
            Assert.InRange(splits.Max(s => s.Validation.Length) - splits.Min(s => s.Validation.Length), 0, 1);
        },
        iter: 300);

    [Fact]
    public void Stratified_folds_have_each_class_within_one_row() => Gen.Select(Gen.Int[6, 40].Array[2, 6], Gen.Int[2, 5], Gen.Bool, Gen.Long).Sample(
        c =>
        {
            var labels = c.Item1.SelectMany((count, label) => Enumerable.Repeat(label, count)).ToArray();
            var splits = RowSplit.Draw(new SplitSpec(0, c.Item3 ? 0.1 : 0, c.Item4, Stratify: true, c.Item2), labels.Length, labels, Names(c.Item1.Length));
            for (var label = 0; label < c.Item1.Length; label++)
            {
                var counts = splits.Select(s => s.Validation.Count(row => labels[row] == label)).ToArray();
                Assert.True(counts.Min() > 0);

                // Shares round up or down; where the test share is less than a row, one more comes from a fold.
                Assert.InRange(counts.Max() - counts.Min(), 0, 2);
            }
        },
        iter: 300);

    [Fact]
    public void The_drawn_folds_never_change_between_releases()
    {
        var splits = RowSplit.Draw(new SplitSpec(0, 0.25, 42, Stratify: true, 3), 16, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], Names(2));
        Assert.Equal("8 11 12 15 | 1 2 6 13 | 0 3 4 9 | 5 7 10 14", string.Join(" | ", splits.Select(s => string.Join(' ', s.Validation)).Append(string.Join(' ', splits[0].Test))));
    }

    [Fact]
    public void Too_few_rows_for_the_folds_are_told()
    {
        var few = Assert.Throws<SpecException>(() => RowSplit.Draw(new SplitSpec(0, 0.2, 1, false, 5), 5, [], [])).Errors[0];
        Assert.Equal(("5 rows cannot be split into 6 parts", "Write fewer folds."), (few.Problem, few.Hint));
        var rare = Assert.Throws<SpecException>(() => RowSplit.Draw(new SplitSpec(0, 0, 1, true, 3), 8, [0, 0, 0, 0, 1, 1, 0, 0], ["no", "yes"])).Errors[0];
        Assert.Equal("class 'yes' has 2 rows; 3 stratified parts need one each", rare.Problem);
        Assert.Contains("fewer folds", rare.Hint, StringComparison.Ordinal);
    }

    private static RowSplit Single(SplitSpec spec, int rows, ReadOnlySpan<int> labels, IReadOnlyList<string> classes) =>
        Assert.Single(RowSplit.Draw(spec, rows, labels, classes));

    private static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];
}
