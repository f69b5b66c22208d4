using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class HostileFilesTests : IDisposable
{
    private static readonly string[] Nonsense =
    [
        "", "\n", "-1\n", "0\n", "9223372036854775807\n", "-9223372036854775808\n", "18446744073709551615\n", "1e400\n", "NaN\n", "0x10\n", "12 34\n",
        "\0\0\0\0", "\u00ff\u00fe", "1: \n2: Mhz *\n:::\n*\n", "99999999999999999999999999999999\n", "4294967295\n", "disabled\n", "2.5\n", "1e9 GT/s\n",
    ];

    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Any_content_of_any_file_is_a_plausible_reading_or_none()
    {
        Captures.WriteRadeon(_host.Tree);
        Captures.WriteInstinct(_host.Tree);
        Captures.WriteIntelChip(_host.Tree, number: 2);
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5000", ("vram_28851", "64424509440"));
        Assert.True(_host.Source.Open());
        var noLinks = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var files = Directory.EnumerateFiles(Path.Combine(_host.Tree.Root, "sys"), "*", noLinks)
            .Where(file => !file.Contains("/power/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var file = files[random.Next(files.Count)];
            var original = File.ReadAllText(file);
            File.WriteAllText(file, Nonsense[random.Next(Nonsense.Length)]);
            _host.Clock.Advance(DrmFixture.ListInterval);
            _host.Source.Open();
            foreach (var gpu in _host.Source.Gpus)
                Check(gpu);
            // Mostly one at a time, sometimes many
            if (round % 10 != 0)
                File.WriteAllText(file, original);
        }
    }

    private static void Check(IGpu gpu)
    {
        if (gpu.IsAsleep())
            return;
        var reading = default(GpuReading);
        gpu.Read(ref reading);
        Assert.True(reading.UtilizationPercent is null or >= 0 and <= 100);
        Assert.True(reading.MemoryUtilizationPercent is null or >= 0 and <= 100);
        Assert.True(reading.TemperatureCelsius is null or >= -200 and <= 200);
        Assert.True(reading.PowerWatts is null or >= 0 and <= 1_000_000);
        Assert.True(reading.MemoryTotalBytes is null or > 0);
        Assert.True(reading.MemoryUsedBytes is null or >= 0);
        Assert.True(reading.MemoryFreeBytes is null or >= 0);
        var details = gpu.ReadDetails()?.Details;
        Assert.True(details?.PcieGeneration is null or >= 1 and <= 7);
        Assert.True(details?.GraphicsClockMegahertz is null or >= 0);
        var processes = new List<GpuProcessReading>();
        gpu.ReadProcesses(processes);
        Assert.All(processes, process => Assert.True(process.MemoryUsedBytes is null or >= 0));
    }
}
