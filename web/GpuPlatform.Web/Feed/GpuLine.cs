namespace GpuPlatform.Web.Feed;

/// <summary>A copy of one GPU's window, safe to draw from.</summary>
public sealed record GpuLine(string NodeId, string Uuid, string Name, int Index, IReadOnlyList<GpuReading> Readings, TimeSpan Step);
