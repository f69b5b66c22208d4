using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class GenAiMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RequestFixture _requests = new(new ManualTimeProvider());

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_stream_is_measured_under_the_names_of_the_conventions_in_their_units()
    {
        Assert.Equal(
            [
                "gen_ai.client.operation.duration s 3.5 -", "gen_ai.client.operation.time_to_first_chunk s 1 -", "gen_ai.client.token.usage {token} 7 input",
                "gen_ai.client.token.usage {token} 101 output", "gen_ai.server.request.duration s 3.5 -", "gen_ai.server.time_per_output_token s 0.02 -",
                "gen_ai.server.time_to_first_token s 1 -",
            ],
            Record("1.41", Streamed()).Select(measured => $"{measured.Instrument.Name} {measured.Instrument.Unit} {measured.Value} {measured.Tags.GetValueOrDefault("gen_ai.token.type") ?? "-"}"));
    }

    [Fact]
    public void Attributes_name_operation_model_and_the_server_behind_the_proxy()
    {
        var tags = Record("1.37", Streamed()).First(measured => measured.Instrument.Name == "gen_ai.server.request.duration").Tags;
        Assert.Equal(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat", ["gen_ai.provider.name"] = "ollama", ["gen_ai.request.model"] = "llama3.2:3b", ["gen_ai.response.model"] = "llama3.2:3b",
            ["server.address"] = "127.0.0.1", ["server.port"] = 11434,
        }, tags);
    }

    [Theory]
    [InlineData("1.36", "gen_ai.system", 6)]
    [InlineData("1.37", "gen_ai.provider.name", 6)]
    [InlineData("1.41", "gen_ai.provider.name", 7)]
    public void A_version_has_its_own_names(string version, string provider, int count)
    {
        var measured = Record(version, Streamed());
        Assert.Equal(count, measured.Count);
        Assert.All(measured, one => Assert.Equal("ollama", one.Tags[provider]));
    }

    [Fact]
    public void Off_makes_no_instrument() => Assert.Empty(Record("off", Streamed()));

    [Fact]
    public void What_failed_has_an_error_and_no_times_of_a_server_that_succeeded()
    {
        var measured = Record("1.41", Streamed() with { Outcome = LlmOutcome.Aborted });
        Assert.DoesNotContain(measured, one => one.Instrument.Name is "gen_ai.server.time_per_output_token" or "gen_ai.server.time_to_first_token");
        Assert.Equal("cancelled", measured.First(one => one.Instrument.Name == "gen_ai.client.operation.duration").Tags["error.type"]);
    }

    [Fact]
    public void Buckets_are_those_of_the_conventions()
    {
        var instruments = Record("1.41", Streamed()).Select(measured => measured.Instrument).DistinctBy(instrument => instrument.Name).ToDictionary(instrument => instrument.Name);
        Assert.Equal([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
            ((Histogram<double>)instruments["gen_ai.client.operation.duration"]).Advice!.HistogramBucketBoundaries!);
        Assert.Equal([0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
            ((Histogram<double>)instruments["gen_ai.server.time_per_output_token"]).Advice!.HistogramBucketBoundaries!);
        Assert.Equal(67_108_864, ((Histogram<long>)instruments["gen_ai.client.token.usage"]).Advice!.HistogramBucketBoundaries![^1]);
    }

    [Theory]
    [InlineData("1.36", true)]
    [InlineData("1.41", true)]
    [InlineData("off", true)]
    [InlineData("1.40", false)]
    [InlineData("", false)]
    public void Only_versions_that_are_known_are_accepted(string version, bool expected)
    {
        var result = new MetricsOptions().Validate(null, new MetricsOptions { GenAi = version });
        Assert.Equal(expected, result.Succeeded);
        if (!expected) Assert.Equal($"Metrics:GenAi is '{version}'; accepted are 1.36, 1.37, 1.41 and off", result.FailureMessage);
    }

    private LlmRequestCompleted Streamed() => _requests.Record(_requests.Streamed(0, 1, 3, completion: 101, prompt: 7), 3.5);

    private List<Measured> Record(string version, LlmRequestCompleted record)
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        var measured = new List<Measured>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add(new(instrument, value, tags.ToArray().ToDictionary())));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add(new(instrument, value, tags.ToArray().ToDictionary())));
        listener.Start();
        new GenAiMetrics(meters, new LlmLabels(), Options.Create(new MetricsOptions { GenAi = version }), Options.Create(new OllamaOptions())).Take(record);
        return [.. measured.OrderBy(one => one.Instrument.Name, StringComparer.Ordinal).ThenBy(one => one.Value)];
    }

    private sealed record Measured(Instrument Instrument, double Value, Dictionary<string, object?> Tags);
}
