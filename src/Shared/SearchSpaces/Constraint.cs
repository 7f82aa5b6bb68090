using System.Globalization;

namespace TuningCluster.Shared.SearchSpaces;

/// <summary>A condition on a trial's parameters, such as <c>width * layers &lt;= 512</c>, or on its parameters and metrics, such as
/// <c>parameters_count &lt;= 50000</c>.</summary>
/// <remarks>
/// Comparisons of arithmetic with <c>+ - * / ^</c>, parentheses and <c>abs exp log sqrt min max</c>, joined by <c>and</c> and <c>or</c>; texts stand in
/// quotes and are compared by <c>==</c> and <c>!=</c>. Two constraints are equal when their texts are.
/// </remarks>
public sealed class Constraint : IEquatable<Constraint>
{
    private readonly ConstraintTerm _root;

    private Constraint(string text, ConstraintTerm root)
    {
        Text = text;
        _root = root;
        Names = [.. root.Names().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>As in the study file.</summary>
    public string Text { get; }

    /// <summary>Every parameter and metric it names, in the order of the text.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The texts that a name alone is compared with.</summary>
    internal IEnumerable<(string Name, string Text)> Texts => _root.Texts();

    /// <exception cref="FormatException">It is none; the message says at which character and why.</exception>
    public static Constraint Parse(string text) => new(text, ConstraintGrammar.Read(text));

    /// <summary>The same with some names replaced by their values.</summary>
    public Constraint With(IReadOnlyDictionary<string, ParameterValue> constants) => new(Text, _root.With(constants));

    /// <summary>Why it makes no sense with values of these kinds; null when it does.</summary>
    /// <param name="kindOf">Float for every number; null of values that are of several kinds, which may only be compared.</param>
    public string? Misfit(Func<string, ParameterValueKind?> kindOf) => _root.Misfit(kindOf);

    /// <summary>By how much it is violated, in its own units: 0 or below when it holds, NaN when that cannot be computed.</summary>
    /// <param name="valueOf">Null of a parameter that is not active: a comparison that names one holds.</param>
    public double Violation(Func<string, ParameterValue?> valueOf) => _root.Violation(valueOf);

    /// <summary>Whether the parameters of a trial fulfil it.</summary>
    /// <param name="values">The active values of a trial.</param>
    public bool Holds(IReadOnlyDictionary<string, ParameterValue> values) =>
        Violation(name => values.TryGetValue(name, out var value) ? value : null) <= 0;

    /// <summary>The sum of what is violated; 0 when nothing is.</summary>
    public static double TotalViolation(IReadOnlyList<double> violations)
    {
        var total = 0.0;
        foreach (var violation in violations)
        {
            total += Math.Max(0, violation);
        }

        return total;
    }

    public bool Equals(Constraint? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Constraint);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}

/// <summary>A part of a constraint that is true or false, with how far it is from it.</summary>
internal abstract record ConstraintTerm
{
    public abstract IEnumerable<string> Names();

    public abstract IEnumerable<(string Name, string Text)> Texts();

    public abstract ConstraintTerm With(IReadOnlyDictionary<string, ParameterValue> constants);

    public abstract string? Misfit(Func<string, ParameterValueKind?> kindOf);

    public abstract double Violation(Func<string, ParameterValue?> valueOf);

    /// <summary>Both hold, or one of them.</summary>
    internal sealed record Joined(bool All, ConstraintTerm Left, ConstraintTerm Right) : ConstraintTerm
    {
        public override IEnumerable<string> Names() => Left.Names().Concat(Right.Names());

        public override IEnumerable<(string Name, string Text)> Texts() => Left.Texts().Concat(Right.Texts());

        public override ConstraintTerm With(IReadOnlyDictionary<string, ParameterValue> constants) => new Joined(All, Left.With(constants), Right.With(constants));

        public override string? Misfit(Func<string, ParameterValueKind?> kindOf) => Left.Misfit(kindOf) ?? Right.Misfit(kindOf);

        public override double Violation(Func<string, ParameterValue?> valueOf)
        {
            var (left, right) = (Left.Violation(valueOf), Right.Violation(valueOf));
            // One that cannot be computed does not hold: NaN wins over what holds only where both must.
            return All ? Math.Max(left, right)
                : double.IsNaN(left) ? right
                : double.IsNaN(right) ? left
                : Math.Min(left, right);
        }
    }

    internal sealed record Comparison(string Operator, ConstraintValue Left, ConstraintValue Right) : ConstraintTerm
    {
        public override IEnumerable<string> Names() => Left.Names().Concat(Right.Names());

        public override IEnumerable<(string Name, string Text)> Texts() => (Left, Right) switch
        {
            (ConstraintValue.Named { Name: var name }, ConstraintValue.Literal { Value: { Kind: ParameterValueKind.Text } text }) => [(name, text.AsText())],
            (ConstraintValue.Literal { Value: { Kind: ParameterValueKind.Text } text }, ConstraintValue.Named { Name: var name }) => [(name, text.AsText())],
            _ => [],
        };

        public override ConstraintTerm With(IReadOnlyDictionary<string, ParameterValue> constants) => new Comparison(Operator, Left.With(constants), Right.With(constants));

        public override string? Misfit(Func<string, ParameterValueKind?> kindOf)
        {
            if ((Left.Misfit(kindOf) ?? Right.Misfit(kindOf)) is { } inside)
            {
                return inside;
            }

            var (left, right) = (Left.Kind(kindOf), Right.Kind(kindOf));
            var mayDiffer = Operator is "==" or "!=" && (left is null || right is null);
            return mayDiffer || (left == right && (left == ParameterValueKind.Float || Operator is "==" or "!=")) ? null
                : left == right ? $"{Operator} compares numbers, not {Describe(left)}"
                : $"{Left} is {Describe(left)} and {Right} is {Describe(right)}: they cannot be compared with {Operator}";
        }

        public override double Violation(Func<string, ParameterValue?> valueOf)
        {
            if (Left.Of(valueOf) is not { } left || Right.Of(valueOf) is not { } right)
            {
                return double.NegativeInfinity;
            }

            if (!left.IsNumber || !right.IsNumber)
            {
                return left == right == (Operator == "==") ? -1 : 1;
            }

            var over = left.AsDouble() - right.AsDouble();
            return Operator switch
            {
                "<=" => over,
                ">=" => -over,
                "<" => over == 0 ? double.Epsilon : over,
                ">" => over == 0 ? double.Epsilon : -over,
                "==" => Math.Abs(over),
                _ => double.IsNaN(over) ? over : over == 0 ? 1 : -1,
            };
        }

        private static string Describe(ParameterValueKind? kind) => kind switch
        {
            ParameterValueKind.Float => "a number",
            ParameterValueKind.Text => "a text",
            ParameterValueKind.Bool => "true or false",
            _ => "of several kinds",
        };
    }
}

/// <summary>One side of a comparison.</summary>
internal abstract record ConstraintValue
{
    public virtual IEnumerable<string> Names() => [];

    public virtual ConstraintValue With(IReadOnlyDictionary<string, ParameterValue> constants) => this;

    /// <summary>Float for every number; null when it may be of several kinds.</summary>
    public abstract ParameterValueKind? Kind(Func<string, ParameterValueKind?> kindOf);

    public virtual string? Misfit(Func<string, ParameterValueKind?> kindOf) => null;

    /// <summary>Null when it names a parameter that is not active.</summary>
    public abstract ParameterValue? Of(Func<string, ParameterValue?> valueOf);

    internal sealed record Literal(ParameterValue Value) : ConstraintValue
    {
        public override ParameterValueKind? Kind(Func<string, ParameterValueKind?> kindOf) => Value.IsNumber ? ParameterValueKind.Float : Value.Kind;

        public override ParameterValue? Of(Func<string, ParameterValue?> valueOf) => Value;

        public override string ToString() => Value.Kind == ParameterValueKind.Text ? $"'{Value}'" : Value.ToString();
    }

    internal sealed record Named(string Name) : ConstraintValue
    {
        public override IEnumerable<string> Names() => [Name];

        public override ConstraintValue With(IReadOnlyDictionary<string, ParameterValue> constants) =>
            constants.TryGetValue(Name, out var value) ? new Literal(value) : this;

        public override ParameterValueKind? Kind(Func<string, ParameterValueKind?> kindOf) => kindOf(Name);

        public override ParameterValue? Of(Func<string, ParameterValue?> valueOf) => valueOf(Name);

        public override string ToString() => Name;
    }

    /// <summary>A function of numbers.</summary>
    /// <param name="Symbol">As it is written: an operator or a name.</param>
    internal sealed record Computed(string Symbol, Func<double, double, double> Function, IReadOnlyList<ConstraintValue> Arguments) : ConstraintValue
    {
        public override IEnumerable<string> Names() => Arguments.SelectMany(a => a.Names());

        public override ConstraintValue With(IReadOnlyDictionary<string, ParameterValue> constants) => this with { Arguments = [.. Arguments.Select(a => a.With(constants))] };

        public override ParameterValueKind? Kind(Func<string, ParameterValueKind?> kindOf) => ParameterValueKind.Float;

        public override string? Misfit(Func<string, ParameterValueKind?> kindOf)
        {
            foreach (var argument in Arguments)
            {
                if (argument.Misfit(kindOf) is { } inside)
                {
                    return inside;
                }

                if (argument.Kind(kindOf) != ParameterValueKind.Float)
                {
                    return $"{Symbol} takes numbers, and {argument} is none";
                }
            }

            return null;
        }

        public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
        {
            if (Arguments[0].Of(valueOf) is not { } first)
            {
                return null;
            }

            var result = Arguments.Count == 1 ? Function(first.AsDouble(), 0) : first.AsDouble();
            for (var i = 1; i < Arguments.Count; i++)
            {
                if (Arguments[i].Of(valueOf) is not { } next)
                {
                    return null;
                }

                result = Function(result, next.AsDouble());
            }

            return ParameterValue.Float(result);
        }

        public override string ToString() => char.IsLetter(Symbol[0]) || Arguments.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Symbol}({string.Join(", ", Arguments)})")
            : string.Join($" {Symbol} ", Arguments);
    }
}
