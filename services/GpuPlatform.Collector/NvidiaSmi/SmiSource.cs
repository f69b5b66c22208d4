using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>
/// NVIDIA GPUs through the program that comes with the driver, for hosts where its library cannot be loaded into this process. One run answers for
/// all GPUs, so the tables are read when the source is opened, and the GPUs look into them.
/// </summary>
internal sealed class SmiSource(SmiCommand command, SleepingGpus sleeping, TimeProvider clock) : IGpuSource
{
    // Details and processes are asked for GPU by GPU within one tick; one run must do for all of them
    private static readonly TimeSpan OneTick = TimeSpan.FromSeconds(1);

    private readonly SmiQuery _cheap = new(command, "query-gpu", SmiFields.Cheap);
    private readonly Table _details = new(new SmiQuery(command, "query-gpu", SmiFields.Dear), clock);
    private readonly Table _processes = new(new SmiQuery(command, "query-compute-apps", SmiFields.Processes), clock);
    private List<SmiRow> _rows = [];

    public SourceInfo Info { get; private set; } = new(SourceInfo.None, "nvidia-smi has not been run yet");

    public IReadOnlyList<IGpu> Gpus { get; private set; } = [];

    /// <summary>Why the last run gave nothing; null when it gave something.</summary>
    public string? Failure { get; private set; }

    public bool Open()
    {
        if (IsAnyAsleep())
        {
            if (Gpus.Count == 0)
                Info = new SourceInfo(SourceInfo.None, "an NVIDIA GPU is asleep and was left so; nvidia-smi would wake it");
            return Gpus.Count > 0;
        }
        _rows = _cheap.Run(out var failure) ?? [];
        Failure = failure;
        if (failure is null)
            TakeOver(_rows);
        else if (Gpus.Count == 0)
            Info = new SourceInfo(SourceInfo.None, failure);
        return Gpus.Count > 0;
    }

    /// <summary>True while a GPU sleeps.</summary>
    public bool IsAnyAsleep() => sleeping.AnyAsleep();

    /// <summary>The row of a GPU as of the last <see cref="Open"/>.</summary>
    public SmiRow? Row(string uuid) => _rows.Find(row => row["uuid"] == uuid);

    public SmiRow? DetailRow(string uuid) => _details.Rows(OneTick)?.Find(row => row["uuid"] == uuid);

    public bool ReadProcesses(string uuid, List<GpuProcessReading> processes)
    {
        processes.Clear();
        if (_processes.Rows(OneTick) is not { } rows)
            return false;
        foreach (var row in rows)
            if (row["gpu_uuid"] == uuid && SmiText.Number(row["pid"], 1, int.MaxValue) is { } pid
                && !processes.Exists(known => known.Pid == (int)pid))
                processes.Add(new((int)pid, GpuContext.Compute, SmiText.Bytes(row["used_memory"])));
        return true;
    }

    public void Dispose()
    {
        // Every run ended before it was answered
    }

    private void TakeOver(List<SmiRow> rows)
    {
        var identities = rows.Select(Identity).OfType<GpuIdentity>().DistinctBy(gpu => gpu.Uuid).OrderBy(gpu => gpu.Index).ToList();
        if (!identities.SequenceEqual(Gpus.Select(gpu => gpu.Identity)))
            Gpus = [.. identities.Select(identity => new SmiGpu(this, identity))];
        Info = Gpus.Count > 0
            ? new SourceInfo(SourceInfo.NvidiaSmi) { DriverVersion = SmiText.Words(rows[0]["driver_version"]) }
            : new SourceInfo(SourceInfo.None, "nvidia-smi runs but lists no GPU");
    }

    private static GpuIdentity? Identity(SmiRow row) =>
        SmiText.Words(row["uuid"]) is { } uuid && SmiText.SmallCount(row["index"]) is { } index
            ? new GpuIdentity(index, uuid, SmiText.Words(row["name"]) ?? "NVIDIA GPU") : null;

    /// <summary>The answer of one query, kept for as long as a tick takes.</summary>
    private sealed class Table(SmiQuery query, TimeProvider clock)
    {
        private List<SmiRow>? _rows;
        private long? _readAt;

        public List<SmiRow>? Rows(TimeSpan age)
        {
            if (_readAt is { } at && clock.GetElapsedTime(at) < age)
                return _rows;
            _rows = query.Run(out _);
            _readAt = clock.GetTimestamp();
            return _rows;
        }
    }
}
