namespace TuningCluster.TrialWorker.Data;

/// <summary>Numbers some of a column's categories one after the other.</summary>
internal static class Places
{
    /// <param name="categories">Those that get a place, in its order.</param>
    /// <param name="count">Of all categories.</param>
    /// <param name="first">Place of the first.</param>
    /// <returns>Place of each category, shape [<paramref name="count"/>]; 0 for the others.</returns>
    public static int[] Of(ReadOnlySpan<int> categories, int count, int first)
    {
        var places = new int[count];
        for (var i = 0; i < categories.Length; i++)
        {
            places[categories[i]] = first + i;
        }

        return places;
    }
}
