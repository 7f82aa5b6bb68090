namespace TuningCluster.Coordinator.Cli;

/// <summary>The three streams of the process and what they are connected to. Data goes to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    public const int UsualWidth = 80;

    /// <summary>A person can be asked: both what is typed and what is asked pass through a terminal.</summary>
    public bool CanAsk { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>False with <c>NO_COLOR</c> or <c>TERM=dumb</c>.</summary>
    public bool Color { get; init; }

    /// <summary>Columns; of no meaning where the stream is not a terminal.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Stack traces are shown: <c>TUNING_DEBUG=1</c>.</summary>
    public bool Debug { get; init; }

    /// <summary>Those of this process.</summary>
    public static Terminal OfProcess()
    {
        var outIsTerminal = !Console.IsOutputRedirected;
        var errorIsTerminal = !Console.IsErrorRedirected;
        var dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(Console.In, Console.Out, Console.Error)
        {
            CanAsk = !Console.IsInputRedirected && errorIsTerminal,
            OutIsTerminal = outIsTerminal,
            // What cannot move its cursor gets lines, not a display.
            ErrorIsTerminal = errorIsTerminal && !dumb,
            Color = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !dumb,
            Width = outIsTerminal || errorIsTerminal ? WidthOfConsole() : UsualWidth,
            Debug = Environment.GetEnvironmentVariable("TUNING_DEBUG") == "1",
        };
    }

    private static int WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }
}
