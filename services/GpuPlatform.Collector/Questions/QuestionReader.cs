using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Questions;

/// <summary>What of a message is read.</summary>
internal sealed record QuestionEnvelope(IReadOnlyList<string?>? MessageType, NodeAsked? Message);

/// <summary>Reads a question out of the bus library's envelope, and believes none of it before it was looked at: who publishes on the bus is not for this host to say.</summary>
internal static class QuestionReader
{
    internal const int LargestBytes = 16 * 1024;
    internal const string OtherNode = "other-node";
    private const int LongestName = 512;
    private const long MostBytes = 1L << 50;

    /// <summary>Null when the question can be answered, else why it is ignored, in a word or two.</summary>
    public static string? Read(ReadOnlySpan<byte> body, string nodeId, out NodeAsked? question)
    {
        question = null;
        if (body.Length > LargestBytes)
            return "too-large";
        QuestionEnvelope? envelope;
        try
        {
            envelope = JsonSerializer.Deserialize(body, QuestionJson.Default.QuestionEnvelope);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return "unreadable";
        }
        if (envelope?.MessageType?.Contains(WireTopology.UrnFor<NodeAsked>(), StringComparer.Ordinal) != true)
            return "other-type";
        if (envelope.Message is not { } message)
            return "unreadable";
        if (message.NodeId is { } other && other != nodeId)
            return OtherNode;
        if (!IsPossible(message))
            return "impossible";
        question = message;
        return null;
    }

    // Of a host each is asked by name: nobody hands over a rack with one message
    private static bool IsPossible(NodeAsked message) =>
        message.RequestId != Guid.Empty && message.AskedAt != default
        && new object?[] { message.Yield, message.Resume, message.Placement }.Count(part => part is not null) <= 1
        && (message.Yield ?? message.Resume) is var order && (order is null || (message.NodeId is not null && IsPossible(order)))
        && (message.Placement is not { } placement || IsPossible(placement));

    private static bool IsPossible(GuardRequest order) =>
        order.Minutes is null or (> 0 and <= GuardRequest.MostMinutes) && (order.Reason is not { } reason || (reason.Length <= GuardRequest.LongestReason && !reason.Any(char.IsControl)))
        && !(order.GpuUuid?.Length > LongestName);

    private static bool IsPossible(PlacementRequest placement) =>
        placement is { Model: { Length: > 0 and <= LongestName }, Bytes: null } or { Model: null, Bytes: > 0 and <= MostBytes };
}

/// <summary>How questions are read off the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(QuestionEnvelope))]
internal sealed partial class QuestionJson : JsonSerializerContext;
