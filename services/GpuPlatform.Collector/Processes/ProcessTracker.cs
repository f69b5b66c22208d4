using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// Turns the lists of successive ticks into started, changed and exited. A row is (GPU, pid, start time): a pid used again is
/// another row, a process on two GPUs has two.
/// </summary>
internal sealed class ProcessTracker(string nodeId, Action<GpuProcessObserved> publish)
{
    private const long SmallestMemoryStepBytes = 256L << 20;
    private const double SmallestMemoryStepShare = 0.10;
    private static readonly TimeSpan LeastTimeBetweenChanges = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastTimeBetweenPictures = TimeSpan.FromMinutes(1);

    // Steam moves a game to its own control group, and servers write their title, up to about a second after their start
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<RowKey, Row> _rows = [];
    private readonly List<RowKey> _ended = [];
    private long _tick;

    /// <summary>Begins a tick. Afterwards one <see cref="Observe"/> per GPU whose list was read, then <see cref="EndTick"/>.</summary>
    public void BeginTick() => _tick++;

    /// <summary>Takes the list of one GPU and returns it with each process's identity; one that has none is gone already.</summary>
    public List<GpuProcessUsage> Observe(string gpuUuid, List<GpuProcessReading> processes, IProcessReader reader, DateTimeOffset now)
    {
        var usages = new List<GpuProcessUsage>(processes.Count);
        foreach (var process in processes)
        {
            if (!reader.TryReadStamp(process.Pid, out var stamp))
                continue;
            usages.Add(Usage(process, stamp));
            var key = new RowKey(gpuUuid, process.Pid, stamp.StartedAt);
            if (_rows.TryGetValue(key, out var row))
                Update(key, row, process, stamp, reader, now);
            else
                Start(key, process, stamp, reader, now);
        }
        return usages;
    }

    /// <summary>
    /// Ends a tick: what was not seen has exited; returns how many. On a GPU whose list was not read only the death of the process itself counts.
    /// </summary>
    public int EndTick(Func<string, bool> listWasRead, IProcessReader reader, DateTimeOffset now)
    {
        foreach (var (key, row) in _rows)
            if (row.SeenTick != _tick && (listWasRead(key.GpuUuid) || !Lives(key, reader)))
                _ended.Add(key);
        foreach (var key in _ended)
            if (_rows.Remove(key, out var row))
                Publish(key, row, ProcessChange.Exited, now);
        var count = _ended.Count;
        _ended.Clear();
        reader.EndTick();
        return count;
    }

    // What a process uses travels with every sample, so that its ups and downs need no events
    private static GpuProcessUsage Usage(GpuProcessReading process, ProcessStamp stamp) => new()
    {
        Pid = process.Pid,
        StartedAt = stamp.StartedAt,
        MemoryUsedBytes = process.MemoryUsedBytes,
        SmPercent = process.SmPercent,
        MemoryPercent = process.MemoryPercent,
        EncoderPercent = process.EncoderPercent,
        DecoderPercent = process.DecoderPercent,
    };

    private static bool Lives(RowKey key, IProcessReader reader) =>
        reader.TryReadStamp(key.Pid, out var stamp) && stamp.StartedAt == key.StartedAt;

    private void Start(RowKey key, GpuProcessReading process, ProcessStamp stamp, IProcessReader reader, DateTimeOffset now)
    {
        var facts = reader.Read(key.Pid);
        // The pid may have passed to another process between the two reads; then these facts are of the wrong one
        if (!reader.TryReadStamp(key.Pid, out var after) || after.StartedAt != key.StartedAt)
            facts = ProcessFacts.Unknown;
        var row = new Row { Facts = facts, Last = process, Reported = process, Program = stamp.Program, SeenTick = _tick };
        row.Course.Add(process, now);
        if (facts.MoreMayCome || (now - key.StartedAt).Duration() < LeastTimeBetweenChanges)
            row.UnsettledSince = now;
        _rows.Add(key, row);
        Publish(key, row, ProcessChange.Started, now);
    }

    private void Update(RowKey key, Row row, GpuProcessReading process, ProcessStamp stamp, IProcessReader reader, DateTimeOffset now)
    {
        row.SeenTick = _tick;
        row.Last = process;
        var mayDiffer = row.Course.Add(process, now);
        bool isNews;
        // The distance, not the difference: a clock set back must not silence a row until it has caught up
        if (row.UnsettledSince is { } since && (now - since).Duration() >= SettlingTime)
        {
            row.UnsettledSince = null;
            isNews = Describe(key, row, stamp, reader);
        }
        else
        {
            isNews = (now - row.ReportedAt).Duration() >= LeastTimeBetweenChanges && (Differs(row, process, stamp) || mayDiffer && IsOtherCourse(row, now));
            if (isNews)
                Describe(key, row, stamp, reader);
        }

        if (!isNews)
            return;
        row.Reported = process;
        Publish(key, row, ProcessChange.Changed, now);
    }

    // True when something is known that was not. Facts count when the process is still the one they were asked of, and not ending
    private static bool Describe(RowKey key, Row row, ProcessStamp stamp, IProcessReader reader)
    {
        if (stamp.Program is not { } program)
            return false;
        row.Program = program;
        var facts = reader.Read(key.Pid);
        if (facts.Name is null || !Lives(key, reader) || facts.SaysTheSameAs(row.Facts))
            return false;
        row.Facts = facts;
        return true;
    }

    // A driver may leave a process out of one of its lists for a tick; memory that is unknown for a moment is no change
    private static bool Differs(Row row, GpuProcessReading process, ProcessStamp stamp) =>
        stamp.Program is { } program && program != row.Program || process.Context != row.Reported.Context
        || (process.MemoryUsedBytes is { } now && (row.Reported.MemoryUsedBytes is not { } then
            || Math.Abs(now - then) >= Math.Max(SmallestMemoryStepBytes, then * SmallestMemoryStepShare)));

    private static bool IsOtherCourse(Row row, DateTimeOffset now) =>
        (now - row.PicturedAt).Duration() >= LeastTimeBetweenPictures && row.Course.Picture() != row.Picture;

    private void Publish(RowKey key, Row row, ProcessChange change, DateTimeOffset now)
    {
        row.ReportedAt = now;
        if (row.Course.Picture() is var picture && picture != row.Picture)
            (row.Picture, row.PicturedAt) = (picture, now);
        publish(new GpuProcessObserved
        {
            NodeId = nodeId,
            GpuUuid = key.GpuUuid,
            Pid = key.Pid,
            StartedAt = key.StartedAt,
            Change = change,
            ObservedAt = now,
            Name = row.Facts.Name,
            ExecutablePath = row.Facts.ExecutablePath,
            CommandLine = row.Facts.CommandLine,
            UserName = row.Facts.UserName,
            Ancestors = row.Facts.Ancestors,
            ControlGroup = row.Facts.ControlGroup,
            Scope = row.Facts.Scope,
            Environment = row.Facts.Environment,
            Context = row.Last.Context,
            MemoryUsedBytes = row.Last.MemoryUsedBytes,
            WorkingDirectory = row.Facts.WorkingDirectory,
            Game = row.Facts.Game,
            SmPercent = row.Last.SmPercent,
            EncoderPercent = row.Last.EncoderPercent,
            DecoderPercent = row.Last.DecoderPercent,
            Course = row.Course.Read(),
        });
    }

    private readonly record struct RowKey(string GpuUuid, int Pid, DateTimeOffset StartedAt);

    private sealed class Row
    {
        public required ProcessFacts Facts { get; set; }
        public required GpuProcessReading Last { get; set; }
        public required GpuProcessReading Reported { get; set; }
        public required int? Program { get; set; }
        public required long SeenTick { get; set; }
        public UsageCourse Course { get; } = new();
        public CoursePicture Picture { get; set; }
        public DateTimeOffset PicturedAt { get; set; }
        public DateTimeOffset ReportedAt { get; set; }
        public DateTimeOffset? UnsettledSince { get; set; }
    }
}
