using TuningCluster.Shared.Studies;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Finds the place of a path in a study file, for faults found after the file was read: in its data.</summary>
internal static class SpecPlace
{
    /// <summary>The error with the place of its path, or of the nearest part of it that the file spells out.</summary>
    public static SpecError Locate(SpecError error, string text)
    {
        if (error.Path.Length == 0)
        {
            return error;
        }

        var place = Find(text, error.Path.Split('.', '['));
        return error with { Line = Math.Max(1, (int)place.Line), Column = Math.Max(1, (int)place.Column) };
    }

    private static Mark Find(string text, string[] path)
    {
        var place = Mark.Empty;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text.TrimStart('\uFEFF')));
            var node = stream.Documents[0].RootNode;
            foreach (var step in path)
            {
                if (Child(node, step) is not { } child)
                {
                    break;
                }

                (node, place) = (child, child is YamlScalarNode ? child.Start : Key(node, step)?.Start ?? child.Start);
            }
        }
        catch (YamlException)
        {
            // The file was read without fault a moment ago; if it cannot be now, its head is place enough.
        }

        return place;
    }

    private static YamlNode? Child(YamlNode node, string step) => node switch
    {
        YamlMappingNode map => Key(map, step) is { } key ? map.Children[key] : null,
        YamlSequenceNode list => int.TryParse(step.TrimEnd(']'), out var index) && index < list.Children.Count ? list.Children[index] : null,
        _ => null,
    };

    private static YamlNode? Key(YamlNode node, string step) =>
        (node as YamlMappingNode)?.Children.Keys.FirstOrDefault(key => key is YamlScalarNode scalar && scalar.Value == step);
}
