namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>How much a spool may hold, and how much of that one file.</summary>
internal sealed record SpoolLimits(long CapacityBytes, int SegmentBytes)
{
    private const int UsualSegmentBytes = 4 * 1024 * 1024;
    private const int FewestSegments = 8;

    /// <summary>What is pushed out is a segment: at most an eighth of all.</summary>
    public static SpoolLimits For(long capacityBytes) => new(capacityBytes, (int)Math.Min(UsualSegmentBytes, capacityBytes / FewestSegments));

    /// <summary>A segment takes at least one record, however large. What a file holds beyond this was not written by us.</summary>
    public int LargestSegmentBytes => Math.Max(SegmentBytes, 2 * SpoolRecord.LargestContentBytes);
}

/// <summary>Messages that a spool could not keep or give back.</summary>
/// <param name="PushedOut">Oldest messages that made room for new ones.</param>
/// <param name="Damaged">Messages, or stretches of bytes that may have been several, that could not be read.</param>
/// <param name="UnknownType">Messages of a type that this version does not send.</param>
internal readonly record struct SpoolLosses(long PushedOut, long Damaged, long UnknownType)
{
    public long Total => PushedOut + Damaged + UnknownType;
}
