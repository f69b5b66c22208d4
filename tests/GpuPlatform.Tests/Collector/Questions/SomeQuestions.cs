using System.Text.Json;
using GpuPlatform.Contracts;
using MassTransit.Serialization;

namespace GpuPlatform.Tests.Collector.Questions;

/// <summary>Questions to one host, and the envelopes the bus library puts them in.</summary>
internal static class SomeQuestions
{
    public const string Node = "desk";
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static NodeAsked Question(GuardRequest? yield = null, GuardRequest? resume = null, PlacementRequest? placement = null, string? node = Node) => new()
    {
        RequestId = Guid.NewGuid(), AskedAt = Now, NodeId = node, Yield = yield, Resume = resume, Placement = placement,
    };

    /// <summary>As History's bus library writes it.</summary>
    public static byte[] Envelope(NodeAsked question) => JsonSerializer.SerializeToUtf8Bytes(
        new { messageId = Guid.NewGuid(), messageType = new[] { WireTopology.UrnFor<NodeAsked>() }, sentTime = DateTime.UtcNow, message = question, host = new { machineName = "x" } },
        SystemTextJsonMessageSerializer.Options);
}
