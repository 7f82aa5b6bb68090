using System.Reflection;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Golden;

/// <summary>Values of any record, drawn from a seed by the types of its parameters and properties: a new message is covered unasked.</summary>
internal sealed class Arbitrary(int seed, IReadOnlyList<StudySpec> specs)
{
    private readonly NullabilityInfoContext _nullability = new();

    private static readonly double[] Numbers =
        [0.0, -0.0, 1.0, -1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1];

    private static readonly string[] Words = ["", "a", "λ=½ 😀", "two\nlines", "learning_rate", "ab12cd34", "\"quoted\"\t", new('x', 300)];

    private static readonly long[] Integers = [0, 1, -1, 127, 128, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    public object Create(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Create(underlying);
        }

        if (type == typeof(int))
        {
            return (int)Integer();
        }

        if (type == typeof(long))
        {
            return Integer();
        }

        if (type == typeof(double))
        {
            return Number();
        }

        if (type == typeof(bool))
        {
            return _random.Next(2) == 0;
        }

        if (type == typeof(string))
        {
            return Words[_random.Next(Words.Length)];
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(_random.Next(values.Length))!;
        }

        if (type == typeof(TimeSpan))
        {
            return TimeSpan.FromTicks(Integer());
        }

        if (type == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(_random.NextInt64(DateTimeOffset.MaxValue.UtcTicks + 1), TimeSpan.Zero);
        }

        if (type == typeof(StudySpec))
        {
            return specs[_random.Next(specs.Count)];
        }

        if (type == typeof(ParameterValue))
        {
            return Parameter();
        }

        if (type == typeof(TrialParameters))
        {
            return new TrialParameters(Names().Select(name => KeyValuePair.Create(name, Parameter())));
        }

        if (type == typeof(IReadOnlyDictionary<string, double>))
        {
            return Names().ToDictionary(name => name, _ => Number());
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(item, _random.Next(4) == 0 ? 0 : _random.Next(5));
            for (var i = 0; i < items.Length; i++)
            {
                items.SetValue(Create(item), i);
            }

            return items;
        }

        return Record(type);
    }

    private object Record(Type type)
    {
        if (type.IsAbstract)
        {
            var kinds = type.Assembly.GetTypes().Where(t => t.IsSubclassOf(type) && !t.IsAbstract).OrderBy(t => t.FullName, StringComparer.Ordinal).ToList();
            return Record(kinds[_random.Next(kinds.Count)]);
        }

        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var value = constructor.Invoke([.. parameters.Select(p => Perhaps(p.ParameterType, _nullability.Create(p).ReadState))]);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && parameters.All(q => q.Name != p.Name)))
        {
            property.SetValue(value, Perhaps(property.PropertyType, _nullability.Create(property).ReadState));
        }

        return value;
    }

    private object? Perhaps(Type type, NullabilityState state) =>
        state == NullabilityState.Nullable && _random.Next(3) == 0 ? null : Create(type);

    private double Number() => _random.Next(3) == 0
        ? BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue))
        : Numbers[_random.Next(Numbers.Length)];

    private long Integer() => _random.Next(3) == 0 ? _random.Next(1000) : Integers[_random.Next(Integers.Length)];

    private ParameterValue Parameter() => _random.Next(4) switch
    {
        0 => ParameterValue.Float(Number()),
        1 => ParameterValue.Int(Integer()),
        2 => ParameterValue.Text(Words[_random.Next(Words.Length)]),
        _ => ParameterValue.Bool(_random.Next(2) == 0),
    };

    private List<string> Names() => [.. Words.OrderBy(_ => _random.Next()).Take(_random.Next(Words.Length))];
}
