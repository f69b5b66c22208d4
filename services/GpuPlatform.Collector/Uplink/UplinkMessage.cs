namespace GpuPlatform.Collector.Uplink;

/// <summary>A message as it waits for the broker: bytes already, so that it could as well wait in a file.</summary>
/// <param name="Id">Identity of the message; every attempt carries the same.</param>
/// <param name="Route">Where it goes.</param>
/// <param name="Body">The envelope as JSON.</param>
/// <param name="TraceParent">W3C id of the span in which it was handed over; null when there was none.</param>
internal sealed record UplinkMessage(Guid Id, UplinkRoute Route, ReadOnlyMemory<byte> Body, string? TraceParent);
