using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class PanelsTests
{
    [Fact]
    public void Every_element_has_a_place_of_its_own_within_the_length()
    {
        foreach (var rows in new[] { 1, 2, 15, 16, 17 })
        {
            foreach (var columns in new[] { 1, 15, 16, 17, 32, 33 })
            {
                var taken = new bool[Panels.Length(rows, columns)];
                for (var i = 0; i < rows; i++)
                {
                    for (var j = 0; j < Panels.Count(columns) * Panels.Width; j++)
                    {
                        var at = Panels.IndexOf(rows, i, j);
                        Assert.False(taken[at]);
                        taken[at] = true;
                    }
                }

                Assert.DoesNotContain(false, taken);
            }
        }
    }

    [Fact]
    public void A_panel_is_dense_and_its_rows_follow_one_another()
    {
        Assert.Equal(0, Panels.IndexOf(5, 0, 0));
        Assert.Equal(15, Panels.IndexOf(5, 0, 15));
        Assert.Equal(16, Panels.IndexOf(5, 1, 0));
        Assert.Equal(5 * 16, Panels.IndexOf(5, 0, 16));
        Assert.Equal((5 * 16) + (3 * 16) + 2, Panels.IndexOf(5, 3, 18));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    [InlineData(int.MaxValue, 134_217_728)]
    public void Counts_panels(int columns, int count)
    {
        Assert.Equal(count, Panels.Count(columns));
        Assert.Equal(3L * 16 * count, Panels.Length(3, columns));
    }

    [Fact]
    public unsafe void Transposes_whole_and_partial_blocks_and_writes_no_further()
    {
        foreach (var rows in new[] { 1, 7, 8, 9, 15, 16, 17, 24, 31, 33 })
        {
            foreach (var columns in new[] { 1, 7, 8, 9, 16, 17, 40 })
            {
                var matrix = new Guarded(Enumerable.Range(0, (int)Panels.Length(rows, columns)).Select(i => (float)(i + 1)).ToArray(), rows % 8);
                for (var block = 0; block < Panels.Count(rows); block++)
                {
                    for (var from = 0; from < columns; from += Panels.Width)
                    {
                        foreach (var depth in new[] { 1, 8, 9, columns - from }.Where(d => d <= columns - from))
                        {
                            var panel = new Guarded(new float[(depth + 7) / 8 * 8 * Panels.Width], columns % 8);
                            Panels.Transpose(matrix.Pointer, rows, block, from, depth, panel.Pointer);
                            panel.AssertUntouchedAround();
                            for (var at = 0; at < depth * Panels.Width; at++)
                            {
                                var (k, row) = (at / Panels.Width, (block * Panels.Width) + (at % Panels.Width));
                                var want = row < rows ? matrix.Span[Panels.IndexOf(rows, row, from + k)] : 0;
                                Assert.Equal(want, panel.Span[at]);
                            }
                        }
                    }
                }

                matrix.AssertUntouchedAround();
            }
        }
    }
}
