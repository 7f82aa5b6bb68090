using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class RowBufferTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(64, 64)]
    [InlineData(112, 112)]
    [InlineData(113, 144)]
    [InlineData(128, 144)]
    [InlineData(129, 144)]
    [InlineData(144, 144)]
    [InlineData(256, 272)]
    [InlineData(512, 528)]
    [InlineData(2048, 2064)]
    public void Rows_take_whole_lines_and_an_odd_number_of_them_from_512_bytes_on(int width, int stride)
    {
        Assert.Equal(stride, RowBuffer.StrideOf(width));
        Assert.Equal(stride, new RowBuffer(2, width).Stride);
    }

    [Fact]
    public unsafe void Rows_lie_one_behind_the_other_from_a_line_on_and_begin_with_zeros()
    {
        var buffer = new RowBuffer(5, 130);
        Assert.Equal(5 * 144, buffer.Span.Length);
        Assert.Equal(0, (long)buffer.Pointer % 64);
        Assert.Equal(-1, buffer.Span.IndexOfAnyExcept(0));
        for (var i = 0; i < 5; i++)
        {
            buffer.Rows[i][129] = i + 1;
            Assert.Equal(i + 1, buffer.Span[(i * 144) + 129]);
            Assert.Equal(i + 1, buffer.Pointer[(i * 144) + 129]);
        }

        Assert.Equal(3 * 144, buffer.First(3).Length);
        Assert.True(buffer.First(3) == buffer.Span[..(3 * 144)]);
        Assert.Equal(0, buffer.First(0).Length);
    }

    [Fact]
    public void Refuses_more_floats_than_a_buffer_can_hold()
    {
        Assert.Throws<OverflowException>(() => new RowBuffer(1 << 20, 1 << 12));
        Assert.Throws<OverflowException>(() => RowBuffer.StrideOf(int.MaxValue));
    }
}
