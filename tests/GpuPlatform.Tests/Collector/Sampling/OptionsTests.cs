using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Gpu:Source", "cuda", "auto, nvml, nvidia-smi, drm and simulated")]
    [InlineData("Gpu:Source", "", "auto, nvml, nvidia-smi, drm and simulated")]
    [InlineData("Gpu:RetryInterval", "00:00:00", "00:00:01 to 01:00:00")]
    [InlineData("Gpu:Simulated:Seed", "one", "Gpu:Simulated:Seed")]
    [InlineData("Sampling:Interval", "00:00:00.05", "00:00:00.1000000 to 00:10:00")]
    [InlineData("Sampling:Interval", "soon", "hh:mm:ss")]
    [InlineData("Sampling:HostInterval", "1.00:00:00", "00:10:00")]
    [InlineData("Node:Id", "a/b", "letters")]
    [InlineData("Node:Id", "", "letters")]
    [InlineData("Gpu:Root", "/no/such/folder", "the absolute path of a folder that exists")]
    [InlineData("Gpu:Root", "proc", "the absolute path of a folder that exists")]
    [InlineData("Gpu:Sorce", "simulated", "Gpu:Source")]
    [InlineData("Gpu:Simulated:Sead", "2", "Gpu:Simulated:Seed")]
    [InlineData("Sampling:IntervalMs", "100", "Sampling:Interval")]
    [InlineData("Node:Name", "x", "Node:Id")]
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
        using var fixture = new SettingsFixture().Argument([.. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
        var effective = fixture.Read(CollectorSettings.Catalog);
        using var output = new StringWriter();
        Assert.Equal(settings.Length == 0, StartProblems.TryBuild(effective, () => Build(effective), output, out _));
        return output.ToString();
    }

    private static WebApplication Build(EffectiveSettings settings)
    {
        var builder = SettingsSource.CreateBuilder(settings);
        builder.AddSampling();
        return builder.Build();
    }
}
