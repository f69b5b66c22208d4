using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector;

public sealed class StartProblemsTests
{
    [Fact]
    public void Everything_that_is_wrong_in_any_layer_is_said_in_one_start()
    {
        using var fixture = new SettingsFixture()
            .System("""{ "Samplig": { "Interval": "00:00:05" }, "Sampling": { "Interval": "soon" } }""", "a.json").System("{ \"Node\":\n {,}", "b.json")
            .User("""{ "Sampling": { "HostInterval": "00:00:00.01" } }""")
            .Variable("ConnectionStrings__messaging", "http://u:hidden@h").Variable("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere").Variable("Gpu__Source", "nvlm")
            .Argument("--Uplink:QueueCapacity=0", "--Outgoing:RetryCount=11");

        var said = Start(fixture, out _);

        Assert.All(
            [
                "Samplig:Interval is unknown; did you mean Sampling:Interval? (etc/a.json:1)", "Sampling:Interval is 'soon'", "etc/b.json line 2 column 3",
                "(home/gpuplatform/a.json:1)", "ConnectionStrings:messaging must have the form", "OTEL_EXPORTER_OTLP_ENDPOINT is 'nowhere'",
                "Gpu:Source is 'nvlm'", "(Gpu__Source)", "(command line --Uplink:QueueCapacity)", "Outgoing:RetryCount is 11",
            ],
            problem => Assert.Contains(problem, said, StringComparison.Ordinal));
        Assert.Equal(2 + 9, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beside_the_program_that_does_not_parse_is_said_with_line_and_column()
    {
        using var fixture = new SettingsFixture().Program("{\n  \"Node\": {,}\n}").Variable("GPUPLATFORM_Gpu__Sorce", "x");

        var said = Start(fixture, out _);

        Assert.Contains("program/appsettings.json line 2 column 12: ", said, StringComparison.Ordinal);
        Assert.Contains("did you mean GPUPLATFORM_Gpu__Source?", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_have_what_the_layers_say()
    {
        using var fixture = new SettingsFixture().Program("""{ "Sampling": { "Interval": "00:00:09" } }""").System("""{ "Sampling": { "HostInterval": "00:00:08" } }""")
            .Variable("GPUPLATFORM_Sampling__Interval", "00:00:07");

        Assert.Equal("", Start(fixture, out var app));

        var options = app!.Services.GetRequiredService<IOptions<SamplingOptions>>().Value;
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)), (options.Interval, options.HostInterval));
    }

    [Fact]
    public void The_profile_of_servers_is_in_force_until_somebody_says_otherwise()
    {
        using var fixture = new SettingsFixture().System("""{ "Profile": "server" }""");

        Assert.Equal("", Start(fixture, out var app));

        Assert.Equal(TimeSpan.FromSeconds(5), app!.Services.GetRequiredService<IOptions<SamplingOptions>>().Value.Interval);
    }

    [Fact]
    public void No_file_is_watched_since_all_are_read_once()
    {
        using var fixture = new SettingsFixture().Program("{}");

        Assert.Equal("", Start(fixture, out var app));

        Assert.DoesNotContain(((IConfigurationRoot)app!.Configuration).Providers, provider => provider is JsonConfigurationProvider);
    }

    private static string Start(SettingsFixture fixture, out WebApplication? app)
    {
        var settings = fixture.Read(CollectorSettings.Catalog);
        using var output = new StringWriter();
        StartProblems.TryBuild(settings, () => Build(settings), output, out app);
        return fixture.Short(output.ToString());
    }

    private static WebApplication Build(EffectiveSettings settings)
    {
        var builder = SettingsSource.CreateBuilder(settings);
        builder.AddServiceDefaults();
        builder.AddUplink(_ => { });
        builder.AddSampling();
        return builder.Build();
    }
}
