using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class GuardOptionsTests
{
    [Fact]
    public void The_defaults_can_be_used() => Assert.True(new GuardOptions().Validate(null, new GuardOptions()).Succeeded);

    [Theory]
    [InlineData("Guard:Kinds", "kinds")]
    [InlineData("Guard:QuietHours", "hours")]
    [InlineData("Guard:Waiting", "waiting")]
    [InlineData("Guard:AllowKill", "kill")]
    [InlineData("Guard:StartDebounce", "start")]
    [InlineData("Guard:TakeSmPercent", "share")]
    [InlineData("Guard:StepTimeout", "step")]
    public void What_cannot_be_used_is_refused_by_its_key(string key, string what)
    {
        var options = what switch
        {
            "kinds" => new GuardOptions { Kinds = "gaming, golfing" },
            "hours" => new GuardOptions { QuietHours = "22-7" },
            "waiting" => new GuardOptions { Waiting = "Hold" },
            "kill" => new GuardOptions { AllowKill = true },
            "start" => new GuardOptions { StartDebounce = TimeSpan.FromSeconds(1.1) },
            "share" => new GuardOptions { TakeSmPercent = double.NaN },
            _ => new GuardOptions { StepTimeout = TimeSpan.Zero },
        };
        var problem = Assert.Single(options.Validate(null, options).Failures!);
        Assert.StartsWith(key + " ", problem, StringComparison.Ordinal);
        Assert.Contains("accepted", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22:00-07:00", "23:30", true)]
    [InlineData("22:00-07:00", "06:59", true)]
    [InlineData("22:00-07:00", "07:00", false)]
    [InlineData("9:00-9:30, 12:00-13:00", "12:00", true)]
    [InlineData("9:00-9:30, 12:00-13:00", "11:00", false)]
    [InlineData("", "12:00", false)]
    public void Quiet_hours_go_over_midnight(string text, string time, bool isQuiet) =>
        Assert.Equal(isQuiet, QuietHours.Parse(text).At(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)) is not null);

    [Theory]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("22:00-25:00")]
    [InlineData("night")]
    public void Hours_that_are_none_are_refused(string text) => Assert.Contains(text, QuietHours.Problem(text), StringComparison.Ordinal);

    [Fact]
    public void A_fan_that_stands_still_though_it_should_turn_and_the_hardwares_own_brake_spare_the_gpu()
    {
        var broken = HeatReading.Of(60, new GpuDetails { Fans = [new GpuFan { SpeedPercent = 40, SpeedRpm = 900 }, new GpuFan { SpeedPercent = 40, SpeedRpm = 0 }] });
        Assert.Contains("fan 2", broken.Trouble, StringComparison.Ordinal);
        Assert.Null(HeatReading.Of(40, new GpuDetails { Fans = [new GpuFan { SpeedPercent = 0, SpeedRpm = 0 }, new GpuFan { SpeedPercent = 40 }] }).Trouble);
        Assert.NotNull(HeatReading.Of(null, new GpuDetails { ThrottleReasons = [GpuThrottleReason.HardwareThermal] }).Trouble);

        var throttle = new GpuThrottle(new GuardOptions());
        Assert.False(throttle.Step(broken, TimeSpan.Zero));
        Assert.True(throttle.Step(broken, GpuThrottle.TroubleLasts));
        Assert.Equal(ThrottleLevel.Limited, throttle.Level);
        // No reading is no news
        Assert.False(throttle.Step(default, GpuThrottle.TroubleLasts + TimeSpan.FromSeconds(30)));
        Assert.True(throttle.Step(new HeatReading(60, null), TimeSpan.FromMinutes(5)));
    }
}
