using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Gpu:Source", "cuda", "auto, nvml, drm and simulated")]
    [InlineData("Gpu:Source", "", "auto, nvml, drm and simulated")]
    [InlineData("Gpu:RetryInterval", "00:00:00", "00:00:01 to 01:00:00")]
    [InlineData("Gpu:Simulated:Seed", "one", "Gpu:Simulated:Seed")]
    [InlineData("Sampling:Interval", "00:00:00.05", "00:00:00.1000000 to 00:10:00")]
    [InlineData("Sampling:Interval", "soon", "hh:mm:ss")]
    [InlineData("Sampling:HostInterval", "1.00:00:00", "00:10:00")]
    [InlineData("Node:Id", "a/b", "letters")]
    [InlineData("Node:Id", "", "letters")]
    [InlineData("Gpu:Root", "/no/such/folder", "the absolute path of a folder that exists")]
    [InlineData("Gpu:Root", "proc", "the absolute path of a folder that exists")]
    [InlineData("Gpu:Sorce", "simulated", "Source, Root, RequireNvml, StallAfter, RetryInterval, Simulated")]
    [InlineData("Gpu:Simulated:Sead", "2", "known are Seed")]
    [InlineData("Sampling:IntervalMs", "100", "Interval, HostInterval")]
    [InlineData("Node:Name", "x", "known are Id")]
    public void A_bad_value_is_refused_by_key_with_what_is_accepted(string key, string value, string accepted)
    {
        var said = Start((key, value));
        Assert.Contains(key, said, StringComparison.Ordinal);
        Assert.Contains(accepted, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_said_at_once()
    {
        var said = Start(("Gpu:Source", "x"), ("Sampling:Interval", "00:00:00"), ("Node:Id", "?"));
        Assert.All(["Gpu:Source", "Sampling:Interval", "Node:Id"], key => Assert.Contains(key, said, StringComparison.Ordinal));
    }

    [Fact]
    public void The_defaults_are_accepted() => Assert.Equal("", Start());

    [Theory]
    [InlineData("My PC", "my-pc")]
    [InlineData("größe", "gr--e")]
    [InlineData("", "unnamed")]
    public void A_machine_name_becomes_an_id(string machineName, string expected) =>
        Assert.Equal(expected, NodeOptions.DefaultId(machineName));

    [Fact]
    public void A_configured_id_is_taken_as_it_is() => Assert.Equal("Rack-7", new NodeOptions { Id = "Rack-7" }.EffectiveId("simulated"));

    private static string Start(params (string Key, string Value)[] settings)
    {
        using var output = new StringWriter();
        Assert.Equal(settings.Length == 0, StartProblems.TryBuild(() => Build(settings), output, out _));
        return output.ToString();
    }

    private static WebApplication Build((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.AddSampling();
        return builder.Build();
    }
}
