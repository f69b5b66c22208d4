using System.Diagnostics.Metrics;
using System.Text;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Drm;

/// <summary>A host whose kernel files a test writes, and the source that reads them.</summary>
internal sealed class DrmFixture : IDisposable
{
    public static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(10);

    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();

    public DrmFixture()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Errors.Add((string)tags[0].Value!));
        _listener.Start();
        Counter = _meter.CreateCounter<long>("errors");
        Holders = new DrmHolders(Tree.Root, MinorOf, Clock, Counter);
        Host = new DrmHost(Tree.Root, Holders, Clock, Counter) { Read = Read };
        Source = new DrmSource(Host, ListInterval);
        Tree.Write("proc/2/comm", "kthreadd\n");
        Tree.Write("proc/meminfo", "MemTotal:       32768000 kB\nMemFree:         1000000 kB\nMemAvailable:   20000000 kB\n");
        Tree.Write("proc/sys/kernel/osrelease", "6.12.9-arch1\n");
    }

    public TemporaryTree Tree { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public Counter<long> Counter { get; }

    public DrmHolders Holders { get; }

    public DrmHost Host { get; }

    public DrmSource Source { get; }

    /// <summary>The file of each error counted.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Names of files that the kernel refuses with EPERM.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Names of the files read by source and cards.</summary>
    public List<string> FilesRead { get; } = [];

    /// <summary>The one card, once it is found.</summary>
    public IGpu Gpu
    {
        get
        {
            Assert.True(Source.Open(), Source.Info.UnavailableReason);
            return Assert.Single(Source.Gpus);
        }
    }

    public GpuReading Read() => Read(Gpu);

    public static GpuReading Read(IGpu gpu)
    {
        var reading = default(GpuReading);
        Assert.False(gpu.IsAsleep());
        gpu.Read(ref reading);
        return reading;
    }

    public List<GpuProcessReading> Processes(IGpu? gpu = null)
    {
        var processes = new List<GpuProcessReading>();
        Assert.True((gpu ?? Gpu).ReadProcesses(processes));
        processes.Sort((a, b) => a.Pid.CompareTo(b.Pid));
        return processes;
    }

    /// <summary>A process that holds a device, and what the kernel says of the file.</summary>
    public void Client(int pid, int handle, string device, string fdinfo, string comm = "app")
    {
        Tree.Write($"proc/{pid}/comm", comm + "\n");
        Tree.Write($"proc/{pid}/fdinfo/{handle}", fdinfo);
        if (!Path.Exists(Path.Combine(Tree.Root, $"proc/{pid}/fd/{handle}")))
            Tree.Link($"proc/{pid}/fd/{handle}", device);
    }

    // A temporary tree has no device nodes: the link's name stands for their number
    public static int? MinorOf(ReadOnlySpan<byte> path)
    {
        var target = Encoding.UTF8.GetString(PosixNative.LinkTarget(path, new byte[256]));
        var name = Path.GetFileName(target);
        return name.StartsWith("renderD", StringComparison.Ordinal) ? int.Parse(name[7..])
            : name.StartsWith("card", StringComparison.Ordinal) ? int.Parse(name[4..]) : null;
    }

    private int Read(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        var name = Path.GetFileName(Encoding.UTF8.GetString(path.TrimEnd((byte)0)));
        FilesRead.Add(name);
        return Refused.Contains(name) ? -PosixNative.NotPermitted : PosixNative.ReadFile(path, buffer);
    }

    public void Dispose()
    {
        Source.Dispose();
        _listener.Dispose();
        _meter.Dispose();
        Tree.Dispose();
    }
}
