using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.Tests.LocalHosting.Engine;

public sealed class HealthScheduleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    public void An_unhealthy_resource_is_asked_again_after_one_to_five_seconds(int failures, int expectedSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), HealthSchedule.Next(isHealthy: false, wasEverHealthy: true, TimeSpan.Zero, failures));

    [Fact]
    public void A_healthy_resource_is_asked_every_thirty_seconds() =>
        Assert.Equal(TimeSpan.FromSeconds(30), HealthSchedule.Next(isHealthy: true, wasEverHealthy: true, TimeSpan.Zero, 0));

    [Fact]
    public void A_starting_resource_is_asked_quickly_until_the_start_takes_too_long()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), HealthSchedule.Next(isHealthy: false, wasEverHealthy: false, TimeSpan.FromSeconds(1), 4));
        Assert.Equal(TimeSpan.FromSeconds(4), HealthSchedule.Next(isHealthy: false, wasEverHealthy: false, HealthSchedule.StartPhase, 4));
    }
}
