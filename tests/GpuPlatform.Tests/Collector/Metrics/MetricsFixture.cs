using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.ServiceDefaults.Prometheus;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Metrics;

/// <summary>All sets of metrics over a sample a test writes, and the page they make.</summary>
internal sealed class MetricsFixture : IDisposable
{
    private static readonly string[] Prefixes = ["gpu", "host_", "hw_", "DCGM_"];

    private readonly Exposition _page = new();

    public MetricsFixture(MetricsOptions? options = null)
    {
        var sampling = Options.Create(new SamplingOptions());
        Pace = new SamplingPace(sampling, Clock);
        Latest = new LatestSample(sampling, Clock);
        Verdicts = new VerdictStore(Latest.Processes);
        Present = new PresentGpus(Latest, Pace, sampling, Clock);
        _ = new SampleMetrics(_page.Factory, Latest, Present, Options.Create(options ?? new MetricsOptions()), sampling, Verdicts, Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public SamplingPace Pace { get; }

    public LatestSample Latest { get; }

    public PresentGpus Present { get; }

    public VerdictStore Verdicts { get; }

    public System.Diagnostics.Metrics.IMeterFactory Meters => _page.Factory;

    public void AddGpumon() => _ = new GpumonMetrics(Meters, Latest, Present, Verdicts);

    public void AddDcgm() => _ = new DcgmMetrics(Meters, Present, "desk");

    public void AddHardware(bool isScrapedToo) => _ = new HardwareMetrics(Meters, Present, isScrapedToo);

    public void AddLoops() => _ = new LoopMetrics(Meters, Latest, Pace, Clock, () => []);

    public ResidencyCounts AddModels(params LlmServer[] servers)
    {
        var counts = new ResidencyCounts();
        _ = new ModelMetrics(Meters, new ServersDouble(servers), counts);
        return counts;
    }

    /// <summary>A tick that read these; details and processes of earlier ones live on.</summary>
    public void Sampled(params GpuSample[] gpus)
    {
        var now = Clock.GetUtcNow();
        var views = gpus.Select(gpu => GpuView.Next(Latest.Gpus.ViewOf(gpu.Uuid), gpu, now)).ToList();
        Latest.Gpus = new GpuSnapshot(now, new SourceInfo("nvml"), gpus) { Views = views };
    }

    public void Note(int pid, ProcessChange change = ProcessChange.Started, GpuContext context = GpuContext.Compute) => Latest.Processes.Note(new GpuProcessObserved
    {
        NodeId = "desk", GpuUuid = "GPU-a", Pid = pid, StartedAt = FullGpu.StartedAt, Change = change, ObservedAt = Clock.GetUtcNow(), Name = $"process{pid}", UserName = "me",
        Context = context,
    });

    /// <summary>The classifier has answered.</summary>
    public void Judge(int pid, WorkloadKind kind) => Verdicts.Add(new ReceivedVerdict(new ProcessClassified
    {
        NodeId = "desk", Pid = pid, StartedAt = FullGpu.StartedAt, Kind = kind, Confidence = 0.9, Rule = "test", Reason = "a test says so", ObservedAt = Clock.GetUtcNow(),
    }, TraceParent: null), Clock.GetUtcNow());

    public Task<string> ScrapeAsync() => _page.ScrapeAsync();

    /// <summary>The samples of the page without those of the runtime and of the page itself.</summary>
    public async Task<List<string>> SamplesAsync() =>
        [.. (await ScrapeAsync()).Split('\n').Where(line => Array.Exists(Prefixes, prefix => line.StartsWith(prefix, StringComparison.Ordinal)))];

    /// <summary>The names of these samples.</summary>
    public async Task<HashSet<string>> NamesAsync() => [.. (await SamplesAsync()).Select(line => line[..line.IndexOfAny(['{', ' '])])];

    public void Dispose() => _page.Dispose();

    private sealed class ServersDouble(IReadOnlyList<LlmServer> servers) : ILlmServers
    {
        public IReadOnlyList<LlmServer> Current => servers;
    }
}
