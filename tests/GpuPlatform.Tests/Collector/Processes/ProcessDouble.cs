using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>A process table a test writes.</summary>
internal sealed class ProcessDouble : IProcessReader
{
    public static readonly DateTimeOffset StartedAt = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public Dictionary<int, (ProcessStamp Stamp, ProcessFacts Facts)> Table { get; } = [];

    /// <summary>Runs between the reading of a process's stamp and of its facts.</summary>
    public Action? BeforeFacts { get; set; }

    public void Add(int pid, string name, int bornSecond = 0) => Table[pid] = (
        new ProcessStamp(StartedAt.AddSeconds(bornSecond), name.GetHashCode(StringComparison.Ordinal)), new ProcessFacts { Name = name });

    public void Describe(int pid, Func<ProcessFacts, ProcessFacts> change) => Table[pid] = (Table[pid].Stamp, change(Table[pid].Facts));

    public bool TryReadStamp(int pid, out ProcessStamp stamp)
    {
        var found = Table.TryGetValue(pid, out var entry);
        stamp = entry.Stamp;
        return found;
    }

    public ProcessFacts Read(int pid)
    {
        BeforeFacts?.Invoke();
        return Table.TryGetValue(pid, out var entry) ? entry.Facts : ProcessFacts.Unknown;
    }
}
