using TuningCluster.Shared.Data;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies.Reading;
using TuningCluster.Shared.Studies.Writing;

namespace TuningCluster.Shared.Studies;

/// <summary>The study file: YAML (or JSON, which is YAML) as a user writes it, canonical JSON as the journal keeps it.</summary>
public static class StudyFile
{
    /// <summary>Reads and judges a study file without looking at its data.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">As the user named it; for messages.</param>
    public static ParsedStudyFile Parse(string text, string fileName)
    {
        var faults = new Faults();
        var spec = StudyReader.Read(text, faults, out var data);
        return new ParsedStudyFile(fileName, spec, faults.InOrder()) { Data = data };
    }

    /// <summary>One line of JSON with every default spelled out, keys in a fixed order; <see cref="Parse"/> gives the same study back.</summary>
    public static string Write(StudySpec spec) => StudyWriter.Write(spec);

    /// <summary>Sets of parameters as <c>enqueue:</c> has them: a list of mappings.</summary>
    /// <exception cref="SpecException">Every set that is not in the space.</exception>
    public static IReadOnlyList<TrialParameters> ParseEnqueue(string text, SearchSpace space)
    {
        var faults = new Faults();
        var sets = NodeTree.Read($"enqueue: {text}", faults) is MappingNode root
            ? EnqueueReader.Read(Section.Open(root, 1, 1, faults, ["enqueue"]), [.. space.Parameters.Select(p => p.Name)], space)
            : [];
        return faults.Count == 0 ? sets : throw new SpecException(faults.InOrder());
    }

    /// <summary>The study as the journal will give it back, judged again now that its data is known: what the file left open, such as the
    /// task and the number of classes, may not go with what it says.</summary>
    /// <exception cref="SpecException">It does not fit; paths lead to the places.</exception>
    public static StudySpec Resolved(StudySpec spec, ResolvedData data)
    {
        var resolved = Parse(Write(spec with { Data = data.Spec }), spec.Name).SpecOrThrow();
        return LossFaults.Of(resolved, data.OutputWidth) is { Count: > 0 } faults ? throw new SpecException(faults) : resolved;
    }
}
