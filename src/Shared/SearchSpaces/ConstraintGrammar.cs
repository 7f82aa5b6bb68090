using System.Globalization;
using Superpower;
using Superpower.Display;
using Superpower.Model;
using Superpower.Parsers;
using Superpower.Tokenizers;

namespace TuningCluster.Shared.SearchSpaces;

/// <summary>Reads the text of a constraint.</summary>
internal static class ConstraintGrammar
{
    /// <summary>Functions by name, each with how many arguments it takes: one, or two and more.</summary>
    private static readonly Dictionary<string, (bool One, Func<double, double, double> Function)> Functions = new(StringComparer.Ordinal)
    {
        ["abs"] = (true, (x, _) => Math.Abs(x)),
        ["exp"] = (true, (x, _) => Math.Exp(x)),
        ["log"] = (true, (x, _) => Math.Log(x)),
        ["sqrt"] = (true, (x, _) => Math.Sqrt(x)),
        ["min"] = (false, Math.Min),
        ["max"] = (false, Math.Max),
    };

    private static readonly Tokenizer<Mark> Tokenizer = new TokenizerBuilder<Mark>()
        .Ignore(Span.WhiteSpace)
        .Match(Span.Regex("(?:<=|>=|==|!=|<|>)"), Mark.Comparison)
        .Match(Span.Regex(@"(?:[0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"), Mark.Number, requireDelimiters: true)
        .Match(Span.Regex("(?:'[^']*'|\"[^\"]*\")"), Mark.Text)
        .Match(Span.EqualTo("and"), Mark.And, requireDelimiters: true)
        .Match(Span.EqualTo("or"), Mark.Or, requireDelimiters: true)
        .Match(Identifier.CStyle, Mark.Name, requireDelimiters: true)
        .Match(Span.Regex("[-+]"), Mark.Sign)
        .Match(Span.Regex("[*/]"), Mark.Factor)
        .Match(Character.EqualTo('^'), Mark.Power)
        .Match(Character.EqualTo('('), Mark.Open)
        .Match(Character.EqualTo(')'), Mark.Close)
        .Match(Character.EqualTo(','), Mark.Comma)
        .Build();

    private static readonly TokenListParser<Mark, ConstraintValue> Number =
        Token.EqualTo(Mark.Number).Select(ConstraintValue (t) => Literal(ParameterValue.Float(double.Parse(t.ToStringValue(), NumberStyles.Float, CultureInfo.InvariantCulture))));

    private static readonly TokenListParser<Mark, ConstraintValue> Text =
        Token.EqualTo(Mark.Text).Select(ConstraintValue (t) => Literal(ParameterValue.Text(t.ToStringValue()[1..^1])));

    private static readonly TokenListParser<Mark, ConstraintValue> Named =
        from name in Token.EqualTo(Mark.Name)
        from arguments in Parse.Ref(() => Arguments!).Select(ConstraintValue[]? (a) => a).OptionalOrDefault()
        from value in Build(name.ToStringValue(), arguments)
        select value;

    private static readonly TokenListParser<Mark, ConstraintValue> Atom =
        Number.Or(Text).Or(Named).Or(Parse.Ref(() => Sum!).Between(Token.EqualTo(Mark.Open), Token.EqualTo(Mark.Close)));

    private static readonly TokenListParser<Mark, ConstraintValue> Power =
        from root in Atom
        from exponent in Token.EqualTo(Mark.Power).IgnoreThen(Parse.Ref(() => Signed!)).Select(ConstraintValue? (e) => e).OptionalOrDefault()
        select exponent is null ? root : Compute("^", Math.Pow, root, exponent);

    private static readonly TokenListParser<Mark, ConstraintValue> Signed =
        (from sign in Token.EqualTo(Mark.Sign)
         from value in Parse.Ref(() => Signed!)
         select sign.ToStringValue() == "-" ? Compute("-", (x, _) => -x, value) : value)
        .Or(Power);

    private static readonly TokenListParser<Mark, ConstraintValue> Product = Parse.Chain(
        Token.EqualTo(Mark.Factor),
        Signed,
        (sign, left, right) => sign.ToStringValue() == "*" ? Compute("*", (x, y) => x * y, left, right) : Compute("/", (x, y) => x / y, left, right));

    private static readonly TokenListParser<Mark, ConstraintValue> Sum = Parse.Chain(
        Token.EqualTo(Mark.Sign),
        Product,
        (sign, left, right) => sign.ToStringValue() == "+" ? Compute("+", (x, y) => x + y, left, right) : Compute("-", (x, y) => x - y, left, right));

    private static readonly TokenListParser<Mark, ConstraintValue[]> Arguments =
        Parse.Ref(() => Sum).ManyDelimitedBy(Token.EqualTo(Mark.Comma)).Between(Token.EqualTo(Mark.Open), Token.EqualTo(Mark.Close));

    private static readonly TokenListParser<Mark, ConstraintTerm> Comparison =
        from left in Sum
        from sign in Token.EqualTo(Mark.Comparison)
        from right in Sum
        select (ConstraintTerm)new ConstraintTerm.Comparison(sign.ToStringValue(), left, right);

    private static readonly TokenListParser<Mark, ConstraintTerm> Enclosed =
        Parse.Ref(() => Either!).Between(Token.EqualTo(Mark.Open), Token.EqualTo(Mark.Close));

    // A parenthesis may open a value or a condition, and which of them shows only later: when it is neither, what came further tells what is wrong.
    private static readonly TokenListParser<Mark, ConstraintTerm> Condition = input =>
    {
        var (value, condition) = (Comparison(input), Enclosed(input));
        return value.HasValue ? value
            : condition.HasValue || Place(condition) > Place(value) ? condition
            : value;

        static int Place(TokenListParserResult<Mark, ConstraintTerm> result) => result.ErrorPosition.HasValue ? result.ErrorPosition.Absolute : int.MaxValue;
    };

    private static readonly TokenListParser<Mark, ConstraintTerm> Both =
        Parse.Chain(Token.EqualTo(Mark.And), Condition, (_, left, right) => new ConstraintTerm.Joined(true, left, right));

    private static readonly TokenListParser<Mark, ConstraintTerm> Either =
        Parse.Chain(Token.EqualTo(Mark.Or), Both, (_, left, right) => new ConstraintTerm.Joined(false, left, right));

    private enum Mark
    {
        [Token(Description = "a comparison (<=, >=, <, >, ==, !=)")]
        Comparison,

        [Token(Description = "a number")]
        Number,

        [Token(Description = "a text in quotes")]
        Text,

        [Token(Example = "and")]
        And,

        [Token(Example = "or")]
        Or,

        [Token(Description = "a name")]
        Name,

        [Token(Description = "+ or -")]
        Sign,

        [Token(Description = "* or /")]
        Factor,

        [Token(Example = "^")]
        Power,

        [Token(Example = "(")]
        Open,

        [Token(Example = ")")]
        Close,

        [Token(Example = ",")]
        Comma,
    }

    /// <exception cref="FormatException">With the character and what was expected there.</exception>
    public static ConstraintTerm Read(string text)
    {
        var tokens = Tokenizer.TryTokenize(text);
        if (!tokens.HasValue)
        {
            throw At(tokens.ErrorPosition.HasValue ? tokens.ErrorPosition.Absolute : text.Length, tokens.FormatErrorMessageFragment());
        }

        var parsed = Either.AtEnd().TryParse(tokens.Value);
        return parsed.HasValue
            ? parsed.Value
            : throw At(parsed.ErrorPosition.HasValue ? parsed.ErrorPosition.Absolute : text.Length, parsed.FormatErrorMessageFragment());
    }

    private static FormatException At(int position, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"at character {position + 1}: {problem}"));

    private static ConstraintValue.Literal Literal(ParameterValue value) => new ConstraintValue.Literal(value);

    private static ConstraintValue.Computed Compute(string symbol, Func<double, double, double> function, params IReadOnlyList<ConstraintValue> arguments) =>
        new ConstraintValue.Computed(symbol, function, arguments);

    private static TokenListParser<Mark, ConstraintValue> Build(string name, ConstraintValue[]? arguments) => input =>
    {
        if (arguments is null)
        {
            return TokenListParserResult.Value<Mark, ConstraintValue>(
                name is "true" or "false" ? Literal(ParameterValue.Bool(name == "true")) : new ConstraintValue.Named(name), input, input);
        }

        var problem = !Functions.TryGetValue(name, out var function) ? $"there is no function {name}, only {string.Join(", ", Functions.Keys)}"
            : function.One != (arguments.Length == 1) || arguments.Length == 0 ? $"{name} takes {(function.One ? "one value" : "two values or more")}, not {arguments.Length}"
            : null;
        return problem is null
            ? TokenListParserResult.Value<Mark, ConstraintValue>(Compute(name, function.Function, arguments), input, input)
            : TokenListParserResult.Empty<Mark, ConstraintValue>(input, problem);
    };
}
