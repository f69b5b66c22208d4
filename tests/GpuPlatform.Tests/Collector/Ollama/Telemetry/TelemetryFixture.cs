using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

/// <summary>The recorder over samples and requests that a test makes; samples come every two seconds.</summary>
internal sealed class TelemetryFixture : IAsyncDisposable
{
    public TelemetryFixture(params IRecordSink[] sinks)
    {
        var sampling = Options.Create(new SamplingOptions());
        Requests = new RequestFixture(Clock);
        Latest = new LatestSample(sampling, Clock);
        Ledger = new EnergyLedger(Latest, sampling, Clock);
        Gpus = new ModelGpus(Latest);
        Recorder = new RequestRecorder(Requests.Records, Ledger, Gpus, new RequestSpans(Options.Create(new MetricsOptions())), [.. sinks, Sink], sampling, Clock, Log);
    }

    public ManualTimeProvider Clock { get; } = new();

    public RequestFixture Requests { get; }

    public LatestSample Latest { get; }

    public EnergyLedger Ledger { get; }

    public ModelGpus Gpus { get; }

    public RequestRecorder Recorder { get; }

    public SinkDouble Sink { get; } = new();

    public LogDouble<RequestRecorder> Log { get; } = new();

    public static GpuSample Gpu(double? watts, string uuid = "GPU-a", double? joules = null, GpuState state = GpuState.Active) =>
        new() { Uuid = uuid, Index = 0, Name = "Card", PowerWatts = watts, EnergyJoules = joules, State = state };

    /// <summary>The clock goes to the instant, and then the GPUs say this.</summary>
    public void SampleAt(double seconds, params GpuSample[] gpus)
    {
        Clock.Advance(TimeSpan.FromTicks(Requests.At(seconds) - Clock.GetTimestamp()));
        Sample(gpus);
    }

    public void Sample(params GpuSample[] gpus) => Latest.Gpus = new GpuSnapshot(Clock.GetUtcNow(), new SourceInfo("nvml"), gpus)
    {
        Views = [.. gpus.Select(gpu => GpuView.Next(Latest.Gpus.ViewOf(gpu.Uuid), gpu, Clock.GetUtcNow()))],
    };

    public void Note(string gpu, int pid, string name, string? path = null, params string[] ancestors) => Latest.Processes.Note(new GpuProcessObserved
    {
        NodeId = "node", GpuUuid = gpu, Pid = pid, StartedAt = DateTimeOffset.UnixEpoch, Change = ProcessChange.Started, ObservedAt = Clock.GetUtcNow(), Name = name,
        ExecutablePath = path, Ancestors = ancestors,
    });

    public async ValueTask DisposeAsync()
    {
        await Recorder.StopAsync(CancellationToken.None);
        Recorder.Dispose();
        Ledger.Dispose();
    }
}

internal sealed class SinkDouble : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<LlmRequestCompleted> _records = [];

    public Action<LlmRequestCompleted>? Taken { get; set; }

    public IReadOnlyList<LlmRequestCompleted> Records
    {
        get { lock (_gate) return [.. _records]; }
    }

    public void Take(LlmRequestCompleted record)
    {
        Taken?.Invoke(record);
        lock (_gate) _records.Add(record);
    }
}
