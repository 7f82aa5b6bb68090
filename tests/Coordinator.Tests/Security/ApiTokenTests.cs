using TuningCluster.Coordinator.Security;

namespace TuningCluster.Coordinator.Tests.Security;

public sealed class ApiTokenTests
{
    private const string Secret = "0123456789abcdef";

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer  0123456789abcdef", true)]
    [InlineData("Bearer 0123456789abcdeF", false)]
    [InlineData("Bearer 0123456789abcde", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData("", false)]
    public void Is_shown_as_a_bearer_token(string header, bool shown) => Assert.Equal(shown, ApiToken.Of(Secret).IsShownIn(header));

    [Theory]
    [InlineData("0123456789abcde", "a token has at least 16 characters, not 15")]
    [InlineData("0123456789 abcdef", "a token is of visible ASCII characters alone, without spaces")]
    [InlineData("0123456789abcdefé", "a token is of visible ASCII characters alone, without spaces")]
    [InlineData(Secret, null)]
    public void Has_some_length_and_can_stand_in_a_header(string secret, string? fault) => Assert.Equal(fault, ApiToken.Fault(secret));
}
