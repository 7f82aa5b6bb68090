using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search;

/// <summary>Draws until the space's constraints hold.</summary>
public static class AllowedDraw
{
    /// <summary>So many draws in a row say that the constraints leave almost nothing.</summary>
    public const int MostDraws = 100_000;

    /// <summary>The first of the draws that the space allows.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="draw">Gives another set of parameters at each call.</param>
    /// <exception cref="InvalidOperationException">None of <see cref="MostDraws"/> was allowed.</exception>
    public static TrialParameters First(SearchSpace space, Func<TrialParameters> draw)
    {
        for (var i = 0; i < MostDraws; i++)
        {
            var parameters = draw();
            if (space.Allows(parameters))
            {
                return parameters;
            }
        }

        throw new InvalidOperationException(
            $"None of {MostDraws} draws fulfils the constraints {string.Join(" and ", space.Constraints.Select(c => $"'{c.Text}'"))}: loosen them, or narrow the ranges of their parameters.");
    }
}
