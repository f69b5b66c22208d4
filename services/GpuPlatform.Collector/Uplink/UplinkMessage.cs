namespace GpuPlatform.Collector.Uplink;

/// <summary>A message as it waits for the broker: bytes already, so that it can as well wait in a file.</summary>
/// <param name="Id">Identity of the message; every attempt carries the same. It holds the instant at which the message was handed over.</param>
/// <param name="Route">Where it goes.</param>
/// <param name="Body">The envelope as JSON.</param>
/// <param name="TraceParent">W3C id of the span in which it was handed over; null when there was none.</param>
/// <param name="HandedOverAt">The clock's timestamp of that moment; 0 for one that an earlier run left on disk.</param>
internal sealed record UplinkMessage(Guid Id, UplinkRoute Route, ReadOnlyMemory<byte> Body, string? TraceParent, long HandedOverAt = 0)
{
    /// <summary>No message comes near it; one beyond is given up alone, before it pushes out all others.</summary>
    public const int LargestBodyBytes = 8 * 1024 * 1024;
}
