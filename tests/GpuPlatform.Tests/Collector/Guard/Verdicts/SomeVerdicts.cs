using System.Text.Json;
using GpuPlatform.Contracts;
using MassTransit.Serialization;

namespace GpuPlatform.Tests.Collector.Guard.Verdicts;

/// <summary>Verdicts of one node, and the envelopes the bus library puts them in.</summary>
internal static class SomeVerdicts
{
    public const string Node = "desk";
    public static readonly DateTimeOffset StartedAt = new(2026, 1, 15, 11, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static ProcessClassified Verdict(int pid = 4711, WorkloadKind kind = WorkloadKind.Gaming, double secondsAgo = 1, double confidence = 0.9) => new()
    {
        NodeId = Node, Pid = pid, StartedAt = StartedAt, Kind = kind, Confidence = confidence, Rule = "gaming/steam-cgroup", Reason = "Steam started it",
        ObservedAt = Now.AddSeconds(-secondsAgo),
        Rules = [new FiredRule { Name = "gaming/steam-cgroup", Kind = kind, Confidence = confidence, Reason = "Steam started it" }],
    };

    public static GpuProcessObserved Observed(int pid = 4711, string gpu = "GPU-a", ProcessChange change = ProcessChange.Started) => new()
    {
        NodeId = Node, GpuUuid = gpu, Pid = pid, StartedAt = StartedAt, Change = change, ObservedAt = Now,
    };

    /// <summary>As the classifier's bus library writes it.</summary>
    public static byte[] Envelope(ProcessClassified verdict) => JsonSerializer.SerializeToUtf8Bytes(
        new { messageId = Guid.NewGuid(), messageType = new[] { WireTopology.UrnFor<ProcessClassified>() }, sentTime = DateTime.UtcNow, message = verdict, host = new { machineName = "x" } },
        SystemTextJsonMessageSerializer.Options);
}
