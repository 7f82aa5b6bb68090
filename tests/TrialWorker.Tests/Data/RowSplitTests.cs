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

    [Fact]
    public void The_parts_are_disjoint_exhaustive_sorted_and_never_empty() => Plain.Sample(
        c =>
        {
            var split = RowSplit.Draw(new SplitSpec(c.Validation, c.Test, c.Seed, Stratify: false), c.Rows, [], []);
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
            var split = RowSplit.Draw(spec, c.Rows, [], []);
            Assert.Equal(split.Validation, RowSplit.Draw(spec, c.Rows, [], []).Validation);
            Assert.NotEqual(split.Validation, RowSplit.Draw(spec with { Seed = c.Seed ^ 1 }, c.Rows, [], []).Validation);
        },
        iter: 100);

    [Fact]
    public void Stratified_parts_have_each_class_by_its_share_within_one_row() => Classified.Sample(
        c =>
        {
            var classes = c.Labels.Max() + 1;
            var split = RowSplit.Draw(new SplitSpec(c.Validation, c.Test, c.Seed, Stratify: true), c.Labels.Length, c.Labels, Names(classes));
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
        var split = RowSplit.Draw(new SplitSpec(0.2, 0.2, 7, Stratify: true), 120, labels, Names(10));
        Assert.Equal((72, 24, 24), (split.Training.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void Whole_shares_are_exact_although_their_products_are_not()
    {
        var split = RowSplit.Draw(new SplitSpec(0.1, 0.2, 1, Stratify: false), 10, [], []);
        Assert.Equal((7, 1, 2), (split.Training.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void The_drawn_parts_never_change_between_releases()
    {
        var split = RowSplit.Draw(new SplitSpec(0.25, 0.25, 42, Stratify: true), 16, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], Names(2));
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

    private static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];
}
