using System.Text;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class CsvReadingTests
{
    private const string Plain = "a,b,y\n1,2.5,u\n3,-4e1,v\n5,0.125,u\n7,8,v\n";

    public static TheoryData<string, string> Spellings => new()
    {
        { "carriage returns", Plain.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "byte order mark", '\uFEFF' + Plain },
        { "semicolons", Plain.Replace(',', ';') },
        { "tabs", Plain.Replace(',', '\t') },
        { "quotes", "\"a\",\"b\",\"y\"\n\"1\",\"2.5\",\"u\"\n3,\"-4e1\",v\n5,.125,u\n7,8,\"v\"\n" },
        { "white space", " a , b , y \n 1 ,2.5, u\n3,-4e1 ,v\n5,0.125,u\n7,8,v\n" },
        { "blank lines", "\n\na,b,y\n1,2.5,u\n\n3,-4e1,v\n5,0.125,u\n  \n7,8,v\n\n" },
        { "no last line break", Plain.TrimEnd('\n') },
        { "plus signs and zeros", "a,b,y\n+1,2.50,u\n03,-40,v\n5.0,0.125,u\n7,8,v\n" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void The_same_table_however_it_is_spelled(string how, string text)
    {
        Assert.NotEmpty(how);
        var expected = Load(Plain);
        var actual = Load(text);
        Assert.Equal(Rows(expected), Rows(actual));
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.Empty(actual.Notes);
    }

    [Fact]
    public void Gzip_is_recognised_by_its_bytes()
    {
        var data = Load(Gzip(Plain));
        Assert.Equal(Rows(Load(Plain)), Rows(data));
    }

    [Fact]
    public void Gzip_of_several_members_is_read_to_its_end()
    {
        var content = Gzip(Plain[..12]).Concat(Gzip(Plain[12..])).Concat(Gzip("")).ToArray();
        Assert.Equal(Rows(Load(Plain)), Rows(Load(content)));
    }

    [Fact]
    public void Utf_16_with_its_mark_is_read()
    {
        var content = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Plain)).ToArray();
        Assert.Equal(Rows(Load(Plain)), Rows(Load(content)));
    }

    [Fact]
    public void Quoted_cells_may_hold_delimiters_quotes_and_line_breaks()
    {
        var data = Load("a,y\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n3,\"x, \"\"y\"\"\"\n4,\"two\nlines\"\n");
        Assert.Equal(["two\nlines", "x, \"y\""], data.Classes);
    }

    [Fact]
    public void A_number_sign_starts_no_comment()
    {
        var data = Load("#,y\n#1,u\n#2,v\n#1,u\n#2,v\n");
        Assert.Equal(2, data.InputWidth);
        Assert.Equal(4, data.Training.Rows + data.Validation.Rows);
    }

    [Fact]
    public void A_column_without_a_name_gets_one()
    {
        var data = Load(",y\n1,u\n2,v\n3,u\n", Spec("column_1", Shared.Studies.LearningTask.Regression));
        Assert.Equal(2, data.InputWidth);
    }

    [Theory]
    [InlineData("a,y\n1,u\n1,2,u\n", "line 3 of 'data.csv' has 3 cells, its header has 2")]
    [InlineData("a,b,y\n1,2,u\n\n1\n", "line 4 of 'data.csv' has 1 cell, its header has 3")]
    [InlineData("a,y\r\n1,\"two\r\nlines\"\r\n1,2,3\r\n", "line 4 of 'data.csv' has 3 cells, its header has 2")]
    [InlineData("", "'data.csv' is empty")]
    [InlineData("\n \n", "'data.csv' is empty")]
    [InlineData("\uFEFF", "'data.csv' is empty")]
    [InlineData("a,y\n", "'data.csv' has a header line but no rows")]
    [InlineData("a,y,a\n1,2,3\n", "the header of 'data.csv' names 'a' twice")]
    [InlineData("a,y\n1,u\n\"2,v\n3,u\n", "line 3 of 'data.csv' has a double quote that is not closed, or text after a closing one")]
    [InlineData("a,y\n1,u\n\"2\"x,v\n3,u\n", "line 3 of 'data.csv' has a double quote that is not closed, or text after a closing one")]
    [InlineData("PK\u0003\u0004\0", "'data.csv' is a zip archive (or a spreadsheet), not a csv file")]
    [InlineData("a\0b,y\n1,2\n", "'data.csv' is a binary file, not a csv file")]
    public void Says_what_is_wrong_with_the_file(string text, string problem)
    {
        var error = Refused(text);
        Assert.Equal("data.source", error.Path);
        Assert.Equal(problem, error.Problem);
    }

    [Fact]
    public void A_file_without_header_line_is_told_from_one_that_repeats_a_name()
    {
        Assert.Contains("seems to hold data", Refused("0,0,1\n1,2,3\n").Hint, StringComparison.Ordinal);
        Assert.Equal("Give every column its own name.", Refused("a,a,y\n1,2,3\n").Hint);
    }

    [Fact]
    public void Ragged_rows_hint_at_the_delimiter() =>
        Assert.Equal("Put cells that contain a semicolon between double quotes.", Refused("a;y\n1;2;3\n").Hint);

    [Fact]
    public void A_truncated_or_damaged_gzip_is_told()
    {
        var whole = Gzip(Lines("a,y", 5000, i => $"{i * 7919 % 1013},{i % 2}"));
        var damaged = (byte[])whole.Clone();
        damaged[^6] ^= 0xFF;
        foreach (var content in (byte[][])[whole[..(whole.Length / 2)], whole[..^9], damaged, [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]])
        {
            var error = Refused(content);
            Assert.Equal("data.source", error.Path);
            Assert.StartsWith("'data.csv' is a damaged gzip file", error.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_told() =>
        Assert.Equal("'data.csv' is not UTF-8 text", Refused([.. "a,y\n"u8, 0xE4, .. ",1\n"u8]).Problem);

    [Fact]
    public void Decimal_commas_are_refused_rather_than_read_as_categories()
    {
        var error = Refused("a;y\n1,5;u\n2;v\n2,25;u\n");
        Assert.Equal("column 'a' has numbers with a decimal comma ('1,5')", error.Problem);
        Assert.Equal("Write them with a decimal point.", error.Hint);
        Assert.Contains("decimal comma", Refused(Lines("a;y", 3000, i => $"{i},5;{i % 2}")).Problem, StringComparison.Ordinal);
    }
}
