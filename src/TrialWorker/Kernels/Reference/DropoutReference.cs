using TuningCluster.Shared.Randomness;

namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Dropout as the paper writes it: the definition of <see cref="Dropout"/>.</summary>
public static class DropoutReference
{
    /// <inheritdoc cref="Dropout.Mask"/>
    public static void Mask(Span<float> mask, float keep, Rng rng)
    {
        Check(keep);
        var bits = 0UL;
        for (var i = 0; i < mask.Length; i++)
        {
            bits = i % 2 == 0 ? rng.NextBits() : bits >> 32;
            mask[i] = (uint)bits / 4294967296.0 < keep ? 1 / keep : 0;
        }
    }

    /// <inheritdoc cref="Dropout.Apply"/>
    public static void Apply(ReadOnlySpan<float> mask, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= mask[i];
        }
    }

    internal static void Check(float keep)
    {
        if (!(keep > 0 && keep <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The probability of keeping a value is in (0, 1].");
        }
    }
}
