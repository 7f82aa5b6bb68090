using System.Runtime.Serialization;
using Google.Protobuf.Collections;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>What messages and events have in common, to <c>values.proto</c> and back, bit for bit.</summary>
public static class WireValues
{
    /// <summary>A part no message of its kind is without.</summary>
    /// <exception cref="SerializationException">It is missing.</exception>
    public static T Required<T>(T? part, string name)
        where T : class => part ?? throw new SerializationException($"The message has no '{name}'.");

    /// <inheritdoc cref="Required{T}(T, string)"/>
    public static double Required(bool present, double value, string name) =>
        present ? value : throw new SerializationException($"The message has no '{name}'.");

    /// <summary>An enumeration's value, or an alternative, this program does not know.</summary>
    public static SerializationException Unknown(string what, object value) =>
        new($"Unknown {what} '{value}': perhaps written by a newer program.");

    public static Wire.TrialParameters Write(TrialParameters parameters)
    {
        var written = new Wire.TrialParameters();
        foreach (var (name, value) in parameters)
        {
            written.Values.Add(new Wire.NamedValue { Name = name, Value = Write(value) });
        }

        return written;
    }

    public static TrialParameters Read(Wire.TrialParameters? written) =>
        new(Required(written, "parameters").Values.Select(v => KeyValuePair.Create(v.Name, Read(v.Value))));

    public static Wire.ParameterValue Write(ParameterValue value) => value.Kind switch
    {
        ParameterValueKind.Float => new Wire.ParameterValue { Real = value.AsDouble() },
        ParameterValueKind.Int => new Wire.ParameterValue { Integer = value.AsInt() },
        ParameterValueKind.Text => new Wire.ParameterValue { Text = value.AsText() },
        ParameterValueKind.Bool => new Wire.ParameterValue { Truth = value.AsBool() },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "No such kind of value."),
    };

    public static ParameterValue Read(Wire.ParameterValue? written) => Required(written, "value").ValueCase switch
    {
        Wire.ParameterValue.ValueOneofCase.Real => ParameterValue.Float(written!.Real),
        Wire.ParameterValue.ValueOneofCase.Integer => ParameterValue.Int(written!.Integer),
        Wire.ParameterValue.ValueOneofCase.Text => ParameterValue.Text(written!.Text),
        Wire.ParameterValue.ValueOneofCase.Truth => ParameterValue.Bool(written!.Truth),
        var other => throw Unknown("kind of value", other),
    };

    /// <returns>Null for an empty curve: most have none.</returns>
    public static Wire.Curve? Write(IReadOnlyList<IntermediateValue> curve)
    {
        if (curve.Count == 0)
        {
            return null;
        }

        var written = new Wire.Curve();
        written.Steps.Capacity = curve.Count;
        written.Values.Capacity = curve.Count;
        foreach (var (step, value) in curve)
        {
            written.Steps.Add(step);
            written.Values.Add(value);
        }

        return written;
    }

    /// <exception cref="SerializationException">The columns differ in length.</exception>
    public static IReadOnlyList<IntermediateValue> Read(Wire.Curve? written)
    {
        if (written is null)
        {
            return [];
        }

        if (written.Steps.Count != written.Values.Count)
        {
            throw new SerializationException($"A curve of {written.Steps.Count} steps and {written.Values.Count} values.");
        }

        var curve = new IntermediateValue[written.Steps.Count];
        for (var i = 0; i < curve.Length; i++)
        {
            curve[i] = new IntermediateValue(written.Steps[i], written.Values[i]);
        }

        return curve;
    }

    public static Wire.Segment Write(TrialSegment segment)
    {
        var written = new Wire.Segment { Member = segment.Member, Start = segment.Start, Last = segment.Last };
        if (segment.Parent is { } parent)
        {
            written.Parent = parent;
        }

        return written;
    }

    /// <returns>Null for a trial of all steps.</returns>
    public static TrialSegment? Read(Wire.Segment? written) =>
        written is null ? null : new TrialSegment(written.Member, written.HasParent ? written.Parent : null, written.Start, written.Last);

    public static IEnumerable<Wire.Metric> Write(IReadOnlyDictionary<string, double> metrics) =>
        metrics.Select(m => new Wire.Metric { Name = m.Key, Value = m.Value });

    public static IReadOnlyDictionary<string, double> Read(RepeatedField<Wire.Metric> written)
    {
        var metrics = new Dictionary<string, double>(written.Count, StringComparer.Ordinal);
        foreach (var metric in written)
        {
            metrics[metric.Name] = Required(metric.HasValue, metric.Value, "metrics.value");
        }

        return metrics;
    }

    public static Wire.FailureReason Write(FailureReason reason) => reason switch
    {
        FailureReason.TrainingError => Wire.FailureReason.TrainingError,
        FailureReason.TimeLimit => Wire.FailureReason.TimeLimit,
        FailureReason.MemoryLimit => Wire.FailureReason.MemoryLimit,
        FailureReason.WorkerLost => Wire.FailureReason.WorkerLost,
        FailureReason.BadData => Wire.FailureReason.BadData,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Has no place in values.proto."),
    };

    public static FailureReason Read(Wire.FailureReason written) => written switch
    {
        Wire.FailureReason.TrainingError => FailureReason.TrainingError,
        Wire.FailureReason.TimeLimit => FailureReason.TimeLimit,
        Wire.FailureReason.MemoryLimit => FailureReason.MemoryLimit,
        Wire.FailureReason.WorkerLost => FailureReason.WorkerLost,
        Wire.FailureReason.BadData => FailureReason.BadData,
        _ => throw Unknown("failure reason", written),
    };
}
