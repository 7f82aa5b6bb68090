using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies.Reading;

namespace TuningCluster.Shared.Studies;

/// <summary>The JSON Schema of the study file, for editors: what the reader accepts, as far as a schema can say it.</summary>
public static class StudySchema
{
    private const string DurationPattern = @"^([0-9]+(\.[0-9]+)?(d|h|m|s|ms))+$";
    private const string SizePattern = "^[0-9]+(\\.[0-9]+)? ?([kKMGT]i?)?B$";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <c>docs/study.schema.json</c>.</summary>
    public static string Write() => Root().ToJsonString(Format) + "\n";

    private static JsonObject Root()
    {
        var root = Map(
            "A study of TuningCluster.",
            ["name", "parameters"],
            ("version", new JsonObject { ["description"] = "Version of this format.", ["const"] = StudyReader.Version }),
            ("name", Text("The study's name.", "^[a-z0-9][a-z0-9-]{0,62}$")),
            ("data", Data()),
            ("objective", Objective("What is optimized.")),
            ("objectives", new JsonObject
            {
                ["description"] = "What is optimized when it is more than one thing; the first one is known after every epoch.",
                ["type"] = "array",
                ["minItems"] = 1,
                ["items"] = Objective(null),
            }),
            ("model", Map("Settings of the network that are not searched.", [], [.. ModelSettings.All.Select(s => (s.Name, Setting(s)))])),
            ("parameters", Parameters()),
            ("constraints", new JsonObject
            {
                ["description"] = "Conditions such as width * layers <= 512, on parameters or on metrics.",
                ["type"] = "array",
                ["items"] = Text(null, null),
            }),
            ("enqueue", new JsonObject
            {
                ["description"] = "Sets of parameters tried first; what a set leaves out is sampled.",
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Scalar() },
            }),
            ("warm_start", Map(
                "Trials of before that the strategy learns from: an earlier study of the same store, or a table; they count for nothing else.",
                [],
                ("study", Text("Name of the earlier study.", null)),
                ("csv", Text("A CSV file with a column a parameter and one of the metric, relative to this file.", null)))),
            ("strategy", OneOf(
                $"How the search goes on; {StrategyReader.Default} when absent.",
                [
                    Words(null, StrategySettings.Table.Names),
                    .. StrategySettings.Table.Names.Select(name => Map(
                        null,
                        name == StrategyReader.Default ? [] : ["name"],
                        [
                            ("name", Words($"The strategy; {StrategyReader.Default} when absent.", [name])),
                            ("seed", Whole("Drawn once and kept when absent.", 0)),
                            .. StrategySettings.Table.Of(name).Select(s => (s.Name, Setting(s))),
                        ])),
                ])),
            ("stopping", OneOf(
                "How trials are stopped early.",
                [
                    Words(null, StoppingSettings.Table.Names),
                    .. StoppingSettings.Table.Names.Select(name => Map(
                        null, ["name"], [("name", Words("The rule.", [name])), .. StoppingSettings.Table.Of(name).Select(s => (s.Name, Setting(s)))])),
                ])),
            ("reevaluate", Map(
                "Trains the best trials again at the end, under other seeds; the best mean wins.",
                [],
                ("top", Whole(string.Create(CultureInfo.InvariantCulture, $"How many of the best trials; {ReevaluateReader.DefaultTop} when absent, at most {ReevaluateReader.Most}."), 1)),
                ("seeds", Whole(string.Create(CultureInfo.InvariantCulture, $"How often each; {ReevaluateReader.DefaultSeeds} when absent, at most {ReevaluateReader.Most}."), 1)))),
            ("budget", Budget()),
            ("limits", Map(
                "Limits of one trial; none when absent.",
                [],
                ("time", Duration("Longest time a trial may train.")),
                ("memory", OneOf("Most memory a trial may take.", Text(null, SizePattern), Whole(null, 1))))),
            ("parallel", Map(
                "How many trials run at a time.",
                [],
                ("trials", OneOf("auto: local cores ÷ threads; on a cluster uncapped.", Words(null, ["auto"]), Whole(null, 1))),
                ("threads", Whole("Slots one trial takes; 1 when absent.", 1)))),
            ("retry", Map(
                "What happens when training raises an error.",
                [],
                ("attempts", Whole(string.Create(CultureInfo.InvariantCulture, $"How often a trial may be tried; {BudgetReader.DefaultAttempts} when absent."), 1)))),
            ("reproducible", OneOf(
                "strict makes a parallel study repeatable; best_effort when absent.",
                Words(null, ["best_effort"]),
                Map(
                    null,
                    ["mode"],
                    ("mode", Words("strict or best_effort.", BudgetReader.Modes)),
                    ("window", Whole("With strict: trial n sees exactly the outcomes of trials up to n − window.", 1))))));
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "TuningCluster study");
        root["allOf"] = new JsonArray(Required());
        root["definitions"] = new JsonObject { ["parameter"] = Parameter(), ["when"] = When() };
        return root;
    }

    /// <summary>Data unless the objective is a function or external; a budget unless the strategy ends by itself.</summary>
    private static JsonNode[] Required()
    {
        var function = new JsonObject
        {
            ["properties"] = new JsonObject { ["objective"] = new JsonObject { ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["enum"] = new JsonArray("function", "external") } }, ["required"] = new JsonArray("kind") } },
            ["required"] = new JsonArray("objective"),
        };
        var ends = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["strategy"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["enum"] = new JsonArray("grid", StrategySettings.Population) },
                        new JsonObject
                        {
                            ["properties"] = new JsonObject { ["name"] = new JsonObject { ["enum"] = new JsonArray("grid", StrategySettings.Population) } },
                            ["required"] = new JsonArray("name"),
                        }),
                },
            },
            ["required"] = new JsonArray("strategy"),
        };
        return
        [
            new JsonObject { ["if"] = function, ["else"] = new JsonObject { ["required"] = new JsonArray("data") } },
            new JsonObject { ["if"] = ends, ["else"] = new JsonObject { ["required"] = new JsonArray("budget") } },
        ];
    }

    /// <summary>A target unless the source is an idx pair, whose labels it is.</summary>
    private static JsonObject Data()
    {
        var data = Map(
            "The data set and what is done to it before training.",
            ["source"],
            ("source", Text("A csv file (plain or .gz), a parquet file or the images of an idx pair, relative to this file.", null)),
            ("sha256", Text("Of the file's bytes; a study file need not give it.", "^[0-9a-fA-F]{64}$")),
            ("target", OneOf(
                "The column to predict, or a list of several (regression).",
                Column(),
                new JsonObject { ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true, ["items"] = Column() })),
            ("task", Words("Inferred from the target when absent.", DataReader.Tasks)),
            ("split", Split()),
            ("scale", Words("How numeric features are scaled; standard when absent.", DataReader.Scales)),
            ("one_hot_max_size", new JsonObject
            {
                ["description"] = "A categorical column of more categories is embedded instead of one-hot encoded.",
                ["type"] = "integer",
                ["minimum"] = 0,
                ["maximum"] = DataReader.GreatestOneHotMaxSize,
                ["default"] = DataSpec.DefaultOneHotMaxSize,
            }));
        data["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("target") },
            new JsonObject { ["properties"] = new JsonObject { ["source"] = new JsonObject { ["pattern"] = DataReader.IdxWord } } });
        return data;
    }

    private static JsonObject Split()
    {
        var split = Map(
            "How rows are divided; the rest is for training.",
            [],
            ("validation", Share("Share of the rows that guides the search; 0.2 when absent.", open: true)),
            ("folds", Whole("Cross-validation instead of a validation share: so many parts validate in turn.", DataReader.LeastFolds)),
            ("test", Share("Share of the rows touched once, at the end; 0.2 when absent.", open: false)),
            ("seed", Whole("Decides which rows go where; 0 when absent.", 0)),
            ("stratify", Bool("Keep the classes' shares in every part; true for classification when absent.")));
        split["not"] = new JsonObject { ["required"] = new JsonArray("validation", "folds") };
        return split;
    }

    private static JsonObject Column() => new() { ["type"] = new JsonArray("string", "integer") };

    private static JsonObject Objective(string? description)
    {
        var objective = Map(
            description,
            [],
            ("kind", Words("network: train on the data; function: a built-in test function; external: a program asks for trials and tells values over HTTP. network when absent.", ObjectiveReader.Kinds)),
            ("metric", Text("validation_loss when absent; value, f1, f2 or f3 for a function; any name for an external one.", null)),
            ("direction", Words("By the metric when absent.", ObjectiveReader.DirectionWords)),
            ("name", Words("The test function, with kind: function.", TestFunctionNames.All)),
            ("repeats", Whole("Networks trained from different seeds for one value, their mean; 1 when absent.", 1)));
        string[] metrics = [.. Metrics.All.Select(m => m.Name).Where(m => !m.StartsWith(Metrics.Test, StringComparison.Ordinal)), .. TestFunctionNames.All.SelectMany(TestFunctionNames.ObjectivesOf).Distinct()];
        objective["if"] = new JsonObject
        {
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = "external" } },
            ["required"] = new JsonArray("kind"),
        };
        objective["else"] = new JsonObject { ["properties"] = new JsonObject { ["metric"] = Words(null, metrics) } };
        return objective;
    }

    private static JsonObject Budget() => Map(
        "When the study ends: whatever comes first.",
        [],
        ("trials", Whole("Complete, pruned, diverged and failed trials; a grid without it runs all its points.", 1)),
        ("time", Duration("Accumulated running time over all resumes.")),
        ("target", new JsonObject { ["description"] = "Ends when a value is at least this good.", ["type"] = "number" }),
        ("patience", Whole("Ends when the last so many finished trials brought no better value.", 1)),
        ("failures", Whole("Ends when so many trials failed.", 1)));

    private static JsonObject Parameters()
    {
        // Settings by name, for completion; other names stay allowed, because a function objective has its own.
        var parameters = new JsonObject
        {
            ["description"] = "What is searched.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["properties"] = new JsonObject(ModelSettings.All.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)Described(new JsonObject { ["allOf"] = new JsonArray(Reference("parameter")) }, s.Meaning)))),
            ["additionalProperties"] = Reference("parameter"),
        };
        return parameters;
    }

    private static JsonObject Parameter() => OneOf(
        null,
        Map(
            null,
            ["type", "low", "high"],
            ("type", Words("A real number.", ["float"])),
            ("low", new JsonObject { ["description"] = "Least value, included.", ["type"] = "number" }),
            ("high", new JsonObject { ["description"] = "Greatest value, included.", ["type"] = "number" }),
            ("log", Bool("Drawn evenly in log space; low must be above 0.")),
            ("step", new JsonObject { ["description"] = "Values are low + k · step.", ["type"] = "number", ["exclusiveMinimum"] = 0 }),
            ("points", Whole("How many values a grid takes.", 2)),
            ("when", Reference("when")),
            ("default", DefaultValue()),
            ("was", Was())),
        Map(
            null,
            ["type", "low", "high"],
            ("type", Words("A whole number.", ["int"])),
            ("low", new JsonObject { ["description"] = "Least value, included.", ["type"] = "integer" }),
            ("high", new JsonObject { ["description"] = "Greatest value, included.", ["type"] = "integer" }),
            ("log", Bool("Drawn evenly in log space; low must be at least 1.")),
            ("step", Whole("Values are low + k · step; 1 when absent.", 1)),
            ("points", Whole("How many values a grid takes; all of them when absent.", 2)),
            ("when", Reference("when")),
            ("default", DefaultValue()),
            ("was", Was())),
        Map(
            null,
            ["type", "choices"],
            ("type", Words("One of a list.", ["categorical"])),
            ("choices", new JsonObject { ["description"] = "The values.", ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true, ["items"] = Scalar() }),
            ("when", Reference("when")),
            ("default", DefaultValue()),
            ("was", Was())));

    private static JsonObject DefaultValue() => Described(Scalar(), "One of its values: what trials have that have none of it, because they are older or its conditions do not hold.");

    private static JsonObject Was() => Described(Scalar(), "As default, of a value outside the range; the program writes it.");

    private static JsonObject When() => new()
    {
        ["description"] = "The parameter takes part only when these others have one of these values.",
        ["type"] = "object",
        ["additionalProperties"] = OneOf(null, Scalar(), new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Scalar() }),
    };

    private static JsonObject Setting(Setting setting)
    {
        if (setting.IsList)
        {
            return OneOf(setting.Meaning, Text(null, Settings.Setting.ListPattern), Whole(null, 1), new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Whole(null, 1) });
        }

        if (setting.Kind == ParameterValueKind.Bool)
        {
            return Default(Bool(setting.Meaning), setting);
        }

        if (setting.Kind == ParameterValueKind.Text)
        {
            return Default(Words(setting.Meaning, setting.Choices), setting);
        }

        var schema = new JsonObject
        {
            ["description"] = setting.Meaning,
            ["type"] = setting.Kind == ParameterValueKind.Int ? "integer" : "number",
        };
        if (double.IsFinite(setting.Low))
        {
            schema[setting.LowOpen ? "exclusiveMinimum" : "minimum"] = setting.Low;
        }

        if (double.IsFinite(setting.High))
        {
            schema["maximum"] = setting.High;
        }

        return Default(schema, setting);
    }

    private static JsonObject Default(JsonObject schema, Setting setting)
    {
        if (setting.Default is { } value)
        {
            schema["default"] = value.Kind switch
            {
                ParameterValueKind.Text => value.AsText(),
                ParameterValueKind.Int => value.AsInt(),
                ParameterValueKind.Bool => value.AsBool(),
                _ => value.AsDouble(),
            };
        }

        return schema;
    }

    private static JsonObject Map(string? description, string[] required, params (string Key, JsonObject Schema)[] properties)
    {
        var map = Described([], description);
        map["type"] = "object";
        map["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Schema)));
        if (required.Length > 0)
        {
            map["required"] = new JsonArray([.. required.Select(r => JsonValue.Create(r))]);
        }

        map["additionalProperties"] = false;
        return map;
    }

    private static JsonObject Described(JsonObject schema, string? description)
    {
        if (description is not null)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private static JsonObject OneOf(string? description, params JsonNode[] schemas) => Described(new JsonObject { ["anyOf"] = new JsonArray(schemas) }, description);

    private static JsonObject Words(string? description, IEnumerable<string> words) =>
        Described(new JsonObject { ["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(w))]) }, description);

    private static JsonObject Text(string? description, string? pattern)
    {
        var text = Described(new JsonObject { ["type"] = "string" }, description);
        if (pattern is null)
        {
            text["minLength"] = 1;
        }
        else
        {
            text["pattern"] = pattern;
        }

        return text;
    }

    private static JsonObject Duration(string description) =>
        OneOf($"{description} Such as 90s, 10m or 2h30m; a bare number is seconds.", Text(null, DurationPattern), new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 });

    private static JsonObject Whole(string? description, long minimum) =>
        Described(new JsonObject { ["type"] = "integer", ["minimum"] = minimum }, description);

    private static JsonObject Share(string description, bool open) =>
        Described(new JsonObject { ["type"] = "number", [open ? "exclusiveMinimum" : "minimum"] = 0, ["exclusiveMaximum"] = 1 }, description);

    private static JsonObject Bool(string description) => Described(new JsonObject { ["type"] = "boolean" }, description);

    private static JsonObject Scalar() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };
}
