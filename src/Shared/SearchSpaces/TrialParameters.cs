using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TuningCluster.Shared.SearchSpaces;

/// <summary>The searched, active values of one trial, in the order of the study file. Equal by content.</summary>
public sealed class TrialParameters : IReadOnlyDictionary<string, ParameterValue>, IEquatable<TrialParameters>
{
    public static readonly TrialParameters Empty = new([]);

    private readonly KeyValuePair<string, ParameterValue>[] _items;

    public TrialParameters(IEnumerable<KeyValuePair<string, ParameterValue>> items) => _items = [.. items];

    public int Count => _items.Length;

    public IEnumerable<string> Keys => _items.Select(i => i.Key);

    public IEnumerable<ParameterValue> Values => _items.Select(i => i.Value);

    public ParameterValue this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No parameter '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ParameterValue value)
    {
        foreach (var item in _items)
        {
            if (item.Key == key)
            {
                value = item.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    public bool Equals(TrialParameters? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as TrialParameters);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item.Key);
            hash.Add(item.Value);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>name=value</c>, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', _items.Select(i => $"{i.Key}={i.Value}"));
}
