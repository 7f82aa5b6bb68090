using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;
using TuningCluster.Coordinator.Cli.Displays;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Views;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Cli;

public sealed class DisplayTests
{
    [Fact]
    public void Plain_lines_one_an_outcome()
    {
        var journal = new Journal();
        var text = new StringWriter();
        var display = new PlainDisplay(text);
        display.OnStudy(journal.State, [.. journal.Events]);
        foreach (var add in new Action[]
        {
            () => journal.Suggest(0).Begin(0),
            () => journal.Complete(0, 0.08123456),
            () => journal.Trial(1, 0.0790).Suggest(2).Begin(2).Release(2, 1, ReleaseCause.WorkerLost).Begin(2, 2).Fail(2, 2),
            () => journal.Finish(FinishReason.TrialsDone, 1),
        })
        {
            var before = journal.Events.Count;
            add();
            display.OnStudy(journal.State, [.. journal.Events.Skip(before)]);
        }

        display.OnProgress(0, 1, new IntermediateValue(1, 1));
        display.OnNote("a note");

        Assert.Equal(
            [
                "study hills: random, seed 42, minimize value",
                "trial 0 complete value=0.08123 best=0.08123 (trial 0) 1/3 x1=0 x2=0",
                "trial 1 complete value=0.079 best=0.079 (trial 1) 2/3 x1=1 x2=1",
                "trial 2 handed back after attempt 1 (gone)",
                "trial 2 failed (it broke) best=0.079 (trial 1) 3/3 x1=2 x2=2",
                "study hills finished: All trials of the budget are done.",
                "a note",
            ],
            text.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void A_resumed_study_says_where_it_goes_on()
    {
        var text = new StringWriter();

        new PlainDisplay(text).OnStudy(new Journal().Trial(0, 1).State, []);

        Assert.Contains("goes on after 1 trial", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_live_picture_survives_80_columns()
    {
        Assert.Equal(
            [
                "hills · random · seed 42 · minimize value · 8.00s",
                "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━────────────────  2/3 · 0.5 trials/s · 2.00s left",
                "best  1.5 (trial 0)",
                "      x1=0 x2=0",
                "done  1 complete · 1 diverged",
                "  trial 2    7        0.3333    x1=2 x2=2",
            ],
            Picture(80));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    public void No_line_is_wider_than_the_terminal(int width) => Assert.All(Picture(width), line => Assert.InRange(line.Length, 0, width));

    [Fact]
    public void A_narrow_picture_cuts_with_an_ellipsis() => Assert.Equal("hills · random · se…", Picture(20)[0]);

    [Fact]
    public async Task The_live_display_draws_and_takes_itself_away()
    {
        var console = new TestConsole().Width(80);
        console.Profile.Capabilities.Ansi = true;
        console.EmitAnsiSequences();
        var display = new LiveDisplay(console, TimeProvider.System);
        display.OnStudy(new Journal().Trial(0, 1.5).State, []);
        display.OnNote("a note");
        await Task.Delay(250, TestContext.Current.CancellationToken);
        await display.DisposeAsync();
        await display.DisposeAsync();

        Assert.Contains("hills", console.Output, StringComparison.Ordinal);
        Assert.Contains("a note", console.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h", console.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private static List<string> Picture(int width)
    {
        var time = new FakeTimeProvider();
        var model = new RunModel(time);
        var journal = new Journal();
        model.Study(journal.State, []);
        journal.Trial(0, 1.5).Suggest(1).Begin(1).Diverge(1).Suggest(2).Begin(2);
        model.Study(journal.State, [.. journal.Events.Skip(1)]);
        model.Progress(2, new IntermediateValue(7, 1 / 3.0));
        time.Advance(TimeSpan.FromSeconds(4));
        var console = new TestConsole().Width(width);
        console.Write(model.Frame(unicode: true)!);
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(l => l.TrimEnd())];
    }
}
