using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class SpecErrorTextTests
{
    [Fact]
    public void Shows_place_problem_line_caret_and_hint()
    {
        const string text = "name: a\r\n\tnam: b\n";

        var lines = SpecErrorText.Render([new SpecError("nam", "'nam' is no key", "did you mean 'name'?", 2, 2)], "a.yaml", text);

        Assert.Equal(["a.yaml:2:2: 'nam' is no key", "  \tnam: b", "  \t^", "  hint: did you mean 'name'?"], lines);
    }

    [Fact]
    public void An_empty_file_has_no_line_to_show() =>
        Assert.Equal(["a.yaml:1:1: the file is empty"], SpecErrorText.Render([new SpecError("", "the file is empty")], "a.yaml", ""));

    [Fact]
    public void Places_beyond_the_text_are_survived() =>
        Assert.Equal(["a.yaml:9:9: odd"], SpecErrorText.Render([new SpecError("", "odd", null, 9, 9)], "a.yaml", "name: a"));
}
