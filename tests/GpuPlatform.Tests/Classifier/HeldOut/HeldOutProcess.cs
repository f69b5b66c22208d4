using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Architecture;

namespace GpuPlatform.Tests.Classifier.HeldOut;

/// <summary>A line of the held-out set: a descriptor, and the kind a careful person gives it.</summary>
internal sealed record HeldOutProcess
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public required WorkloadKind Expected { get; init; }

    /// <summary>Another kind that is right, too.</summary>
    public IReadOnlyList<WorkloadKind> OrElse { get; init; } = [];

    /// <summary>desktop, browser, launcher, electron or helper: what must never be called a game.</summary>
    public string? Group { get; init; }

    public required string Why { get; init; }

    public string? Name { get; init; }

    public string? Exe { get; init; }

    public IReadOnlyList<string>? Cmdline { get; init; }

    public GpuContext? Context { get; init; }

    public long? GpuMemoryBytes { get; init; }

    public double? SmPercent { get; init; }

    public double? EncoderPercent { get; init; }

    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string? Parent { get; init; }

    public IReadOnlyList<string>? Ancestors { get; init; }

    public string? Cgroup { get; init; }

    public string? Os { get; init; }

    public string? WorkingDirectory { get; init; }

    public static IReadOnlyList<HeldOutProcess> All { get; } =
    [
        .. Repository.Files("*.jsonl").Where(path => path.Contains("/HeldOut/", StringComparison.Ordinal))
            .SelectMany(path => Repository.Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonSerializer.Deserialize<HeldOutProcess>(line, Strict)!),
    ];

    /// <summary>As the collector of that host would report it.</summary>
    public GpuProcessObserved ToObserved()
    {
        var (path, scope) = Cgroup is null ? (null, null) : ControlGroups.Read(Encoding.UTF8.GetBytes($"0::{Cgroup}\n"));
        return new GpuProcessObserved
        {
            NodeId = "node", GpuUuid = "GPU-1", Pid = 7, StartedAt = DateTimeOffset.UnixEpoch, ObservedAt = DateTimeOffset.UnixEpoch,
            Change = ProcessChange.Started,
            Name = Name, ExecutablePath = Exe, CommandLine = Cmdline, Context = Context, MemoryUsedBytes = GpuMemoryBytes,
            SmPercent = SmPercent, EncoderPercent = EncoderPercent, Environment = Environment,
            Ancestors = Ancestors ?? (Parent is null ? null : [Parent]), ControlGroup = path, Scope = scope, WorkingDirectory = WorkingDirectory,
        };
    }
}
