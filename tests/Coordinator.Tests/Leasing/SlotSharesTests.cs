using TuningCluster.Coordinator.Leasing;
using TuningCluster.Shared.Protocol;

namespace TuningCluster.Coordinator.Tests.Leasing;

public sealed class SlotSharesTests
{
    [Theory]
    [InlineData(4, "a+ b+", 0, "a=2 b=2")]
    [InlineData(4, "a+", 0, "a=4")]
    [InlineData(4, "a+ b-", 0, "a=4 b=0")]
    [InlineData(4, "a+ b-1", 0, "a=3 b=1")]
    [InlineData(4, "a- b-", 0, "a=0 b=0")]
    [InlineData(5, "a+ b+", 0, "a=3 b=2")]
    [InlineData(5, "a+ b+", 1, "a=2 b=3")]
    [InlineData(1, "a+ b+ c+", 0, "a=1 b=0 c=0")]
    [InlineData(1, "a+ b+ c+", 1, "a=0 b=0 c=1")]
    [InlineData(1, "a+ b+ c+", 2, "a=0 b=1 c=0")]
    [InlineData(0, "a+ b-2", 0, "a=0 b=2")]
    public void Slots_are_divided_evenly_and_the_rest_goes_round(int slots, string studies, int turn, string expected)
    {
        var held = new List<HeldAttempt>();
        var wants = new List<KeyValuePair<string, bool>>();
        foreach (var study in studies.Split(' '))
        {
            wants.Add(KeyValuePair.Create(study[..1], study[1] == '+'));
            held.AddRange(Enumerable.Range(0, study.Length > 2 ? study[2] - '0' : 0).Select(n => new HeldAttempt(new AttemptKey(study[..1], n, 1, $"{study}{n}"), 0)));
        }

        var shares = SlotShares.Of(new WorkerBeat("w", "i", slots, held), wants, turn);
        Assert.Equal(expected, string.Join(' ', shares.OrderBy(s => s.Key).Select(s => $"{s.Key}={s.Value}")));
    }
}
