using TuningCluster.Shared.Randomness;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>How weights start. Biases start at zero.</summary>
public enum InitializerKind
{
    /// <summary>He for relu, else Glorot; uniform.</summary>
    Auto,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
}

/// <summary>Draws the weights a network starts with.</summary>
/// <remarks>
/// Glorot and Bengio 2010: variance 2/(inputs + outputs), which keeps the variance of signals through sigmoid-like layers both ways.
/// He et al. 2015, arXiv:1502.01852: variance 2/inputs, for relu sets half of its inputs to zero. Uniform on ±√(3·variance), or normal.
/// </remarks>
public static class Initializer
{
    /// <param name="name">As in the study file.</param>
    /// <exception cref="ArgumentException">No such initializer.</exception>
    public static InitializerKind Parse(string name) => name switch
    {
        "auto" => InitializerKind.Auto,
        "glorot_uniform" => InitializerKind.GlorotUniform,
        "glorot_normal" => InitializerKind.GlorotNormal,
        "he_uniform" => InitializerKind.HeUniform,
        "he_normal" => InitializerKind.HeNormal,
        _ => throw new ArgumentException($"'{name}' is no initializer.", nameof(name)),
    };

    /// <summary>Fills the weights, layer by layer, row by row; the stream of draws does not depend on padding.</summary>
    public static void Fill(Network network, InitializerKind kind, Rng rng)
    {
        var architecture = network.Architecture;
        if (kind == InitializerKind.Auto)
        {
            kind = architecture.Activation == ActivationKind.Relu ? InitializerKind.HeUniform : InitializerKind.GlorotUniform;
        }

        network.Parameters.Clear();
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var inputs = architecture.InputsOf(layer);
            var outputs = architecture.OutputsOf(layer);
            var variance = kind is InitializerKind.HeUniform or InitializerKind.HeNormal ? 2.0 / inputs : 2.0 / ((double)inputs + outputs);
            var uniform = kind is InitializerKind.HeUniform or InitializerKind.GlorotUniform;
            var scale = Math.Sqrt(uniform ? 3 * variance : variance);
            var weights = network.Weights(layer);
            for (var i = 0; i < inputs; i++)
            {
                for (var j = 0; j < outputs; j++)
                {
                    weights[network.WeightIndex(layer, i, j)] = (float)(scale * (uniform ? (2 * rng.NextDouble()) - 1 : rng.NextNormal()));
                }
            }
        }
    }
}
