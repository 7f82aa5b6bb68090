using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>A trial that trains a part of the steps.</summary>
public sealed record SegmentSuggestion(TrialParameters Parameters, TrialSegment Segment);

/// <summary>A strategy whose trials each train a part of the steps, most of them from the weights that another trial left.</summary>
/// <remarks><see cref="ISampler.Suggest"/> gives the parameters alone. Whether a trial can be suggested at the moment, <see cref="Pbt.Population.Ready"/> says.</remarks>
public interface ISegmentSampler : ISampler
{
    /// <summary>Trial <see cref="StudyHistory.NextNumber"/>; null when the strategy is exhausted.</summary>
    /// <inheritdoc cref="ISampler.Suggest"/>
    SegmentSuggestion? SuggestSegment(SearchSpace space, StudyHistory history, Rng rng);

    /// <summary>The segment of trial <see cref="StudyHistory.NextNumber"/> when its parameters are the user's: a beginning.</summary>
    TrialSegment SegmentOfEnqueued(StudyHistory history);
}
