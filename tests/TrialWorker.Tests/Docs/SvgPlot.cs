using System.Globalization;
using System.Text;

namespace TuningCluster.TrialWorker.Tests.Docs;

/// <summary>One line of a panel.</summary>
/// <param name="Label">In the legend.</param>
/// <param name="Runs">Points from left to right, in the panel's units; where one run ends and the next begins the line is interrupted.</param>
internal sealed record PlotLine(string Label, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Runs);

/// <summary>A coordinate system with a legend above it.</summary>
/// <param name="XLabel">Under the x axis.</param>
/// <param name="XStep">Distance of the vertical grid lines.</param>
/// <param name="YStep">Distance of the horizontal grid lines.</param>
internal sealed record PlotPanel(
    string XLabel, double XFrom, double XTo, double XStep, double YFrom, double YTo, double YStep, IReadOnlyList<PlotLine> Lines);

/// <summary>Draws panels side by side as an SVG.</summary>
/// <remarks>
/// No background and colours of medium lightness: readable on white and on black. Lines differ in dashes too. Coordinates are rounded to
/// 0.1 pixels, the last digit of which may differ between processors.
/// </remarks>
internal static class SvgPlot
{
    private const double Width = 320;
    private const double Height = 260;
    private const double Left = 36;
    private const double Right = Width - 10;
    private const double Top = 58;
    private const double Bottom = Height - 34;
    private const int LegendColumns = 2;
    private const double LegendColumn = 122;

    private static readonly (string Colour, string Dashes)[] Styles =
        [("#3987e5", ""), ("#d9622b", "6 3"), ("#2f9e57", "2 3"), ("#a06be0", "9 3 2 3")];

    /// <param name="title">Over the first panel.</param>
    public static string Write(string title, params IReadOnlyList<PlotPanel> panels)
    {
        var svg = new StringBuilder();
        var width = Number(Width * panels.Count);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{Number(Height)}\" viewBox=\"0 0 {width} {Number(Height)}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#808080\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<clipPath id=\"inside\"><rect x=\"{Number(Left)}\" y=\"{Number(Top)}\" width=\"{Number(Right - Left)}\" height=\"{Number(Bottom - Top)}\"/></clipPath>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(Left)}\" y=\"16\" font-size=\"13\" font-weight=\"bold\">{title}</text>\n");
        for (var i = 0; i < panels.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({Number(Width * i)} 0)\">\n");
            WriteGrid(svg, panels[i]);
            for (var line = 0; line < panels[i].Lines.Count; line++)
            {
                WriteLine(svg, panels[i], line);
            }

            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void WriteGrid(StringBuilder svg, PlotPanel panel)
    {
        foreach (var x in Ticks(panel.XFrom, panel.XTo, panel.XStep))
        {
            var at = Number(X(panel, x));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at} {Number(Top)}V{Number(Bottom)}\" stroke=\"#808080\" stroke-opacity=\"{Opacity(x)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{at}\" y=\"{Number(Bottom + 14)}\" text-anchor=\"middle\">{Number(x)}</text>\n");
        }

        foreach (var y in Ticks(panel.YFrom, panel.YTo, panel.YStep))
        {
            var at = Number(Y(panel, y));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Number(Left)} {at}H{Number(Right)}\" stroke=\"#808080\" stroke-opacity=\"{Opacity(y)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(Left - 5)}\" y=\"{Number(Y(panel, y) + 4)}\" text-anchor=\"end\">{Number(y)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number((Left + Right) / 2)}\" y=\"{Number(Bottom + 28)}\" text-anchor=\"middle\">{panel.XLabel}</text>\n");
    }

    private static void WriteLine(StringBuilder svg, PlotPanel panel, int index)
    {
        var (colour, dashes) = Styles[index];
        var stroke = $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{(dashes.Length > 0 ? $" stroke-dasharray=\"{dashes}\"" : "")}";
        var x = Left + (index % LegendColumns * LegendColumn);
        var y = 32 + (index / LegendColumns * 15.0);
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Number(x)} {Number(y - 4)}h24\" {stroke}/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x + 29)}\" y=\"{Number(y)}\">{panel.Lines[index].Label}</text>\n");
        foreach (var run in panel.Lines[index].Runs)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline clip-path=\"url(#inside)\" {stroke} points=\"");
            svg.AppendJoin(' ', run.Select(p => $"{Number(X(panel, p.X))},{Number(Y(panel, p.Y))}"));
            svg.Append("\"/>\n");
        }
    }

    private static IEnumerable<double> Ticks(double from, double to, double step)
    {
        for (var i = 0; from + (i * step) <= to + (step / 2); i++)
        {
            yield return from + (i * step);
        }
    }

    /// <summary>The axes are stronger than the grid.</summary>
    private static string Opacity(double at) => Math.Abs(at) < 1e-9 ? "0.9" : "0.25";

    private static double X(PlotPanel panel, double x) => Left + ((x - panel.XFrom) / (panel.XTo - panel.XFrom) * (Right - Left));

    private static double Y(PlotPanel panel, double y) => Bottom - ((y - panel.YFrom) / (panel.YTo - panel.YFrom) * (Bottom - Top));

    /// <summary>One digit after the point; no negative zero.</summary>
    private static string Number(double value) => (Math.Round(value, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);
}
