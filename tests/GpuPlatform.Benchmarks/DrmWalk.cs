using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Drm;

namespace GpuPlatform.Benchmarks;

/// <summary>What it costs to know which processes of this host hold a GPU's device open.</summary>
internal static class DrmWalk
{
    public static async Task RunAsync()
    {
        using var meter = new Meter("Benchmarks.Drm");
        var clock = new ImpatientClock();
        var holders = new DrmHolders("/", PosixNative.DrmMinor, clock, meter.CreateCounter<long>("errors"));
        var found = -1;
        await Comparison.RunAsync("drm-walk", $"walk of {Directory.EnumerateDirectories("/proc").Count(IsProcess)} processes", 1,
            new Contender("DrmHolders.Refresh", () => holders.Refresh()),
            new Contender("every file of every process with .NET's classes", () => found = LookAtEverything()));
        if (found < 0 || holders.Current.Files.Count > found)
            throw new InvalidOperationException("the contenders did not find the same files");
    }

    private static int LookAtEverything()
    {
        var count = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(IsProcess))
            try
            {
                foreach (var file in Directory.EnumerateFileSystemEntries(process + "/fd"))
                    count += new FileInfo(file).LinkTarget?.StartsWith("/dev/dri/", StringComparison.Ordinal) == true ? 1 : 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended, or belongs to somebody else
                continue;
            }
        return count;
    }

    private static bool IsProcess(string folder) => int.TryParse(Path.GetFileName(folder.AsSpan()), out _);

    /// <summary>Ten seconds later at every look: no walk is too early.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += 10 * TimeSpan.TicksPerSecond;
    }
}
