using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.ServiceDefaults.Prometheus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>A host with GPUs, an Ollama and a guard, whose clock a test moves.</summary>
internal sealed class GuardFixture : IDisposable
{
    private readonly Exposition _page = new();
    private readonly bool _ownsTree;
    private readonly ServerModels _models;

    public GuardFixture(GuardOptions? options = null, GuardFixture? before = null, Action<string, byte[]>? store = null, params string[] gpus)
    {
        before?.Settle();
        Options = options ?? new GuardOptions();
        (Tree, Clock, _ownsTree) = (before?.Tree ?? new TemporaryTree(), before?.Clock ?? new ManualTimeProvider(), before is null);
        Uuids = gpus.Length == 0 ? [GuardProcesses.Gpu] : gpus;
        var sampling = Microsoft.Extensions.Options.Options.Create(new SamplingOptions());
        Latest = new LatestSample(sampling, Clock);
        Pace = new SamplingPace(sampling, Clock);
        var server = new ModelServer(ModelServer.Ollama, new Uri("http://127.0.0.1:11435"), new Uri("http://127.0.0.1:11434"));
        _models = new ServerModels(server, isHere: true, Eviction, Clock, () => { }, NullLogger.Instance, CancellationToken.None);
        Guard = new HostGuard(new GuardParts
        {
            NodeId = "desk", Options = Options, Time = Clock, Latest = Latest, Pace = Pace, Gate = Gate, Llm = Llm, Publisher = Publisher, Signals = Signals,
            Sight = new GuardSight(Latest, Verdicts, new OwnProcesses([server], [server], new ProcessTree(Tree.Root, new SocketTables(Tree.Root)))),
            File = store is null ? new GuardFile(FilePath, Clock, NullLogger.Instance) : new GuardFile(FilePath, Clock, NullLogger.Instance) { Store = store },
            Metrics = Metrics = new GuardMetrics(_page.Factory), AskForLook = () => LookCount++,
            Servers = [_models], Games = Games, Logger = NullLogger.Instance,
        });
    }

    public GuardOptions Options { get; }

    public TemporaryTree Tree { get; }

    public ManualTimeProvider Clock { get; }

    public IReadOnlyList<string> Uuids { get; }

    public string FilePath => Path.Combine(Tree.Root, "state", "guard-desk.json");

    public LatestSample Latest { get; }

    public SamplingPace Pace { get; }

    public GateDouble Gate { get; } = new();

    public EvictionDouble Eviction { get; } = new();

    public VerdictsDouble Verdicts { get; } = new();

    public GuardPublisherDouble Publisher { get; } = new();

    public SignalsDouble Signals { get; } = new();

    public LlmServersDouble Llm { get; } = new();

    public GamesDouble Games { get; } = new();

    public GuardMetrics Metrics { get; }

    public HostGuard Guard { get; }

    public int LookCount { get; private set; }

    public Task<string> ScrapeAsync() => _page.ScrapeAsync();

    public GuardState State => Guard.Report().Gpus.Single(gpu => gpu.GpuUuid == Uuids[0]).State;

    public IEnumerable<GuardState> States => Publisher.Changes.Select(change => change.To);

    /// <summary>A tick on which the process lists were read.</summary>
    public void Sample(double? celsius = 50, GpuDetails? details = null, GpuState state = GpuState.Active)
    {
        var now = Clock.GetUtcNow();
        List<GpuSample> samples = [.. Uuids.Select((uuid, index) => new GpuSample
        {
            Uuid = uuid, Index = index, Name = "Card", State = state, TemperatureCelsius = celsius, Details = details, MemoryUsedBytes = 4 * GuardProcesses.GiB,
            Processes = [.. Latest.Processes.Rows.Where(row => row.GpuUuid == uuid).Select(row => new GpuProcessUsage { Pid = row.Pid, StartedAt = row.StartedAt, MemoryUsedBytes = row.MemoryUsedBytes })],
        })];
        Latest.Gpus = new GpuSnapshot(now, new SourceInfo("nvml"), samples) { Views = [.. samples.Select(sample => GpuView.Next(Latest.Gpus.ViewOf(sample.Uuid), sample, now))] };
        Guard.Round();
    }

    public void Starts(GpuProcessObserved process, WorkloadKind? kind = null)
    {
        Latest.Processes.Note(process);
        if (kind is { } said) Verdicts.Say(process.Pid, said);
        Sample();
    }

    public void Ends(GpuProcessObserved process)
    {
        Latest.Processes.Note(process with { Change = ProcessChange.Exited });
        Sample();
    }

    /// <summary>Lets time pass in steps, as ticks would, and what was begun end in each.</summary>
    public void Pass(double seconds)
    {
        for (var left = seconds; left > 0; left -= 0.5)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(0.5, left)));
            Guard.Round();
            // What it has begun beside takes no time by this clock
            if (!_models.Idle.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("the model server is still asked for something");
            Settle();
        }
    }

    /// <summary>Waits until what is done beside the guard was done. The clock stands still but for the looks at servers.</summary>
    public Task UntilAsync(GuardState state) => Until.True(() =>
    {
        if (State == state) return true;
        Clock.Advance(TimeSpan.FromMilliseconds(10));
        Guard.Round();
        return State == state;
    });

    /// <summary>Waits until the disk has what the next run must know.</summary>
    public void Settle()
    {
        if (!Guard.Kept.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("the disk does not answer");
    }

    public void Dispose()
    {
        _page.Dispose();
        // What is still being written needs its folder
        Guard.Kept.Wait(TimeSpan.FromSeconds(60));
        if (_ownsTree) Tree.Dispose();
    }
}
