using System.Globalization;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Which rows train, which guide the search and which are kept for the end. The three are disjoint, together they are all rows, and each rises.</summary>
/// <param name="Training">Row numbers, at least one.</param>
/// <param name="Validation">Row numbers, at least one.</param>
/// <param name="Test">Row numbers; empty without a test part.</param>
public sealed record RowSplit(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>Divides rows 0 … <paramref name="rows"/> − 1 by the split's own seed; nothing else enters.</summary>
    /// <returns>One division, or with folds one for each: they share the test part, and every other row validates in exactly one.</returns>
    /// <param name="labels">Class of each row, shape [rows]; empty for regression, which is never stratified.</param>
    /// <param name="classes">Names of the classes, for messages.</param>
    /// <exception cref="SpecException">Shares that leave no training part, or fewer rows (of a class, when stratified) than parts; <c>data.split</c>.</exception>
    /// <remarks>
    /// Stratified: of every class, each part's number of rows is its share rounded up or down, and the roundings of the classes
    /// balance one another so that the parts as wholes have their shares as well. Whatever the shares, no part is left empty
    /// (nor, when stratified, without a row of each class). Folds are parts of equal shares.
    /// </remarks>
    public static IReadOnlyList<RowSplit> Draw(SplitSpec split, int rows, ReadOnlySpan<int> labels, IReadOnlyList<string> classes)
    {
        double[] shares = split.Folds is { } folds
            ? [.. Enumerable.Repeat((1 - split.Test) / folds, folds), split.Test]
            : [1 - split.Validation - split.Test, split.Validation, split.Test];
        if ((split.Folds is null && !(split.Validation > 0)) || !(split.Test >= 0) || !(shares[0] > 1e-9))
        {
            throw Fault(
                string.Create(CultureInfo.InvariantCulture, $"validation {split.Validation} and test {split.Test} leave nothing to train on"),
                "Their sum must be below 1.");
        }

        var partsNeeded = shares.Count(s => s > 0);
        if (rows < partsNeeded)
        {
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"{rows} {Rows(rows)} cannot be split into {partsNeeded} parts"), split.Folds is null ? null : "Write fewer folds.");
        }

        var groups = split.Stratify && !labels.IsEmpty ? ByClass(labels, classes.Count) : [Enumerable.Range(0, rows).ToArray()];
        var rare = new List<SpecError>();
        for (var i = 0; i < groups.Length && groups.Length > 1; i++)
        {
            if (groups[i].Length < partsNeeded)
            {
                rare.Add(new SpecError(
                    "data.split",
                    string.Create(CultureInfo.InvariantCulture, $"class '{classes[i]}' has {groups[i].Length} {Rows(groups[i].Length)}; {partsNeeded} stratified parts need one each"),
                    split.Folds is null ? "Write 'stratify: false', or leave the rare classes out of the file." : "Write fewer folds or 'stratify: false', or leave the rare classes out of the file."));
            }
        }

        if (rare.Count > 0)
        {
            throw new SpecException(rare);
        }

        var parts = Deal(Rng.For(split.Seed, -1, "split"), groups, shares);
        return split.Folds is null
            ? [new RowSplit(parts[0], parts[1], parts[2])]
            : [.. parts[..^1].Select((fold, i) => new RowSplit([.. parts[..^1].Where((_, other) => other != i).SelectMany(p => p).Order()], fold, parts[^1]))];
    }

    /// <summary>Rows of each part, rising.</summary>
    private static int[][] Deal(Rng rng, int[][] groups, double[] shares)
    {
        var parts = Array.ConvertAll(shares, _ => new List<int>());
        var owed = new double[shares.Length];
        foreach (var group in groups)
        {
            rng.Shuffle<int>(group);
            var counts = Counts(group.Length, shares, owed);
            var next = 0;
            for (var part = 0; part < shares.Length; part++)
            {
                parts[part].AddRange(group.AsSpan(next, counts[part]));
                next += counts[part];
            }
        }

        return Array.ConvertAll(parts, part => part.Order().ToArray());
    }

    // Every part gets its share rounded down; the rows left over (fewer than there are parts) go to those parts that
    // earlier roundings owe most.
    private static int[] Counts(int rows, double[] shares, double[] owed)
    {
        var counts = new int[shares.Length];
        for (var part = 0; part < shares.Length; part++)
        {
            // The smallest number added keeps 0.7 × 10 from becoming 6.
            counts[part] = (int)Math.Floor((rows * shares[part]) + 1e-9);
            owed[part] += (rows * shares[part]) - counts[part];
        }

        var order = Enumerable.Range(0, shares.Length).Where(p => shares[p] > 0).OrderByDescending(p => owed[p]).ToArray();
        foreach (var part in order.Take(rows - counts.Sum()))
        {
            counts[part]++;
            owed[part]--;
        }

        return FillEmpty(counts, shares, owed);
    }

    private static int[] FillEmpty(int[] counts, double[] shares, double[] owed)
    {
        for (var part = 0; part < shares.Length; part++)
        {
            if (counts[part] == 0 && shares[part] > 0)
            {
                var largest = Array.IndexOf(counts, counts.Max());
                counts[largest]--;
                owed[largest]++;
                counts[part]++;
                owed[part]--;
            }
        }

        return counts;
    }

    private static int[][] ByClass(ReadOnlySpan<int> labels, int classes)
    {
        var rows = new List<int>[classes];
        for (var i = 0; i < classes; i++)
        {
            rows[i] = [];
        }

        for (var row = 0; row < labels.Length; row++)
        {
            rows[labels[row]].Add(row);
        }

        return Array.ConvertAll(rows, r => r.ToArray());
    }

    private static string Rows(int count) => count == 1 ? "row" : "rows";

    private static SpecException Fault(string problem, string? hint = null) => new([new SpecError("data.split", problem, hint)]);
}
