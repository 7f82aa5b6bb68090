using System.Security.Cryptography;
using System.Text;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Identifies what suggestions depend on beside the history: strategy, its settings, seed and the space.</summary>
public static class SettingsHash
{
    /// <returns>16 hexadecimal digits.</returns>
    public static string Of(StudySpec spec)
    {
        var text = new StringBuilder().Append(spec.Strategy.Name).Append(' ').Append(spec.Strategy.Seed);
        foreach (var (name, value) in spec.Strategy.Settings.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('=').Append(value);
        }

        foreach (var parameter in spec.Space.Parameters)
        {
            text.Append('\n').Append(parameter.Name).Append(": ").Append(parameter.Describe());
            if (parameter.Default is { } value)
            {
                text.Append(" default ").Append(value);
            }

            foreach (var condition in parameter.When)
            {
                text.Append(" when ").Append(condition.Parameter).Append(" in ").AppendJoin('|', condition.Values);
            }
        }

        foreach (var constraint in spec.Space.Constraints)
        {
            text.Append("\nconstraint ").Append(constraint.Text);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
