namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>What <c>/proc/PID/stat</c> shows.</summary>
internal sealed record StatLine(int Pid, string Name, int Parent, long StartTicks)
{
    public char State { get; init; } = 'S';

    public int ThreadCount { get; init; } = 8;

    public ulong ArgumentsStart { get; init; }

    public static implicit operator string(StatLine line) =>
        $"{line.Pid} ({line.Name}) {line.State} {line.Parent} {line.Pid} {line.Pid} 0 -1 4194560 100 0 0 0 5 6 0 0 20 0 {line.ThreadCount} 0 {line.StartTicks} " +
        $"1000000 250 18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 4 5 6 {line.ArgumentsStart} 8 9 10 0\n";
}
