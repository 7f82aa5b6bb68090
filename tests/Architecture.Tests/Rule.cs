namespace TuningCluster.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with the rule and every offender in full; xunit's own messages cut lists and long texts short.</summary>
    public static void HasNoOffender(string rule, IEnumerable<string> offenders)
    {
        var lines = offenders.Order(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
        {
            Assert.Fail($"{rule}{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", lines)}");
        }
    }
}
