using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard.Verdicts;

/// <summary>What of a message is read: who publishes on the bus, and what, is not for this host to say.</summary>
internal sealed record VerdictEnvelope(IReadOnlyList<string?>? MessageType, ProcessClassified? Message);

/// <summary>Reads a verdict out of the bus library's envelope, and believes none of it before it was looked at.</summary>
internal static class VerdictReader
{
    internal const int LargestBytes = 64 * 1024;
    internal const string OtherNode = "other-node";
    private const int LongestName = 200;
    private const int LongestReason = 4000;
    private const int MostRules = 100;

    // The observation it answers was made by this host's clock
    private static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(1);

    /// <summary>Null when the verdict can be taken, else why it is ignored, in a word or two.</summary>
    public static string? Read(ReadOnlySpan<byte> body, string nodeId, DateTimeOffset now, out ProcessClassified? verdict)
    {
        verdict = null;
        if (body.Length > LargestBytes)
            return "too-large";
        VerdictEnvelope? envelope;
        try
        {
            envelope = JsonSerializer.Deserialize(body, VerdictJson.Tolerant.VerdictEnvelope);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return "unreadable";
        }
        if (envelope?.MessageType?.Contains(WireTopology.UrnFor<ProcessClassified>(), StringComparer.Ordinal) != true)
            return "other-type";
        if (envelope.Message is not { } message)
            return "unreadable";
        if (message.NodeId != nodeId)
            return OtherNode;
        if (!IsPossible(message, now))
            return "impossible";
        verdict = message;
        return null;
    }

    private static bool IsPossible(ProcessClassified message, DateTimeOffset now) =>
        message.Pid > 0 && message.StartedAt != default && message.ObservedAt != default && message.ObservedAt <= now + ClockStep
        && message.Confidence is >= 0 and <= 1 && Enum.IsDefined(message.Kind)
        && message.Rule is { Length: > 0 and <= LongestName } && message.Reason is { Length: <= LongestReason }
        && (message.Rules is not { } rules || rules.Count <= MostRules && rules.All(rule => rule is { Name: not null, Reason: not null }));
}

/// <summary>How verdicts are read off the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerdictEnvelope))]
internal sealed partial class VerdictJson : JsonSerializerContext
{
    /// <summary>A kind that a newer classifier knows is not to cost the verdict.</summary>
    public static VerdictJson Tolerant { get; } = new(TolerantEnumConverter.AddTo(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase }));
}
