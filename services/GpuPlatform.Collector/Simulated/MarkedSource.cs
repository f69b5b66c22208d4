using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>
/// The simulated boards without the invented desktop: on them is what real processes of this host say of themselves (<see cref="GpuMark"/>). For trying
/// out, without a GPU, what happens when processes come and go.
/// </summary>
internal sealed class MarkedSource(string root) : IGpuSource
{
    private const double IdleCelsius = 38;
    private const double CelsiusPerLoad = 32;

    private readonly MarkedProcesses _processes = new(root);
    private IReadOnlyList<IGpu>? _gpus;

    public SourceInfo Info { get; } = new(SourceInfo.Simulated) { DriverVersion = "simulated" };

    public IReadOnlyList<IGpu> Gpus => _gpus ??= [.. SimulatedSource.Boards.Select(board => new Board(this, board))];

    public bool Open() => true;

    /// <summary>Whether the process is on any of the boards.</summary>
    public bool? IsOn(int pid) => _processes.IsMarked(pid);

    public void Dispose()
    {
        // Nothing is held
    }

    private List<(int Pid, GpuMark Mark)> On(SimulatedGpu board)
    {
        var found = _processes.Look();
        found.RemoveAll(process => process.Mark.GpuIndex != board.Identity.Index);
        return found;
    }

    private sealed class Board(MarkedSource source, SimulatedGpu board) : IGpu
    {
        public GpuIdentity Identity => board.Identity;

        public bool IsAsleep() => false;

        public void Read(ref GpuReading reading)
        {
            var processes = source.On(board);
            var load = Math.Min(1, processes.Sum(process => process.Mark.SmPercent) / 100);
            var used = Math.Min(processes.Sum(process => process.Mark.MemoryUsedBytes), board.MemoryTotalBytes - board.MemoryReservedBytes);
            reading = new GpuReading
            {
                UtilizationPercent = Math.Round(100 * load),
                MemoryUtilizationPercent = Math.Round(62 * load),
                MemoryTotalBytes = board.MemoryTotalBytes,
                MemoryUsedBytes = used,
                MemoryReservedBytes = board.MemoryReservedBytes,
                MemoryFreeBytes = board.MemoryTotalBytes - board.MemoryReservedBytes - used,
                TemperatureCelsius = Math.Max(Math.Round(IdleCelsius + CelsiusPerLoad * load), processes.Max(process => process.Mark.Celsius) ?? 0),
                PowerWatts = Math.Round(board.Watts(load), 1),
            };
        }

        public GpuDetailReading? ReadDetails() => new(new GpuDetails { Facts = board.Facts }, board.LimitWatts);

        public bool ReadProcesses(List<GpuProcessReading> processes)
        {
            processes.Clear();
            foreach (var (pid, mark) in source.On(board))
                processes.Add(new GpuProcessReading(pid, mark.Context, mark.MemoryUsedBytes) { SmPercent = mark.SmPercent });
            return true;
        }
    }
}
