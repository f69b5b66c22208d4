using System.Text;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>An invented desktop with two GPUs, for demonstrations and for tests without a GPU. Its names say that it is invented.</summary>
internal sealed class SimulatedSource : IGpuSource, IProcessReader
{
    private const long GiB = 1L << 30;

    private static readonly SimulatedGpu[] Boards =
    [
        new(new(0, "GPU-51m00000-0000-4000-8000-000000000000", "NVIDIA GeForce RTX 4090 (simulated)"), 24 * GiB, 24, 450),
        new(new(1, "GPU-51m00000-0000-4000-8000-000000000001", "NVIDIA GeForce RTX 3060 (simulated)"), 12 * GiB, 13, 170),
    ];

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _beganAt;
    private readonly DateTimeOffset _loggedInAt;
    private readonly Scene _scene;
    private readonly Noise _noise;
    private readonly Func<double, double>[] _loads;

    public SimulatedSource(int seed, TimeProvider clock)
    {
        _clock = clock;
        _beganAt = GpuSampler.WholeMilliseconds(clock.GetUtcNow());
        // The day before, so that the desktop's processes keep their identity when the collector starts again
        _loggedInAt = new DateTimeOffset(_beganAt.Date.AddHours(-6), TimeSpan.Zero);
        _noise = new Noise(seed);
        _scene = new Scene(_noise);
        _loads =
        [
            t => Math.Min(1, _scene.DesktopLoad(t) + _scene.GameLoad(t) + 0.75 * _scene.ModelLoad(t)),
            t => 0.55 * _scene.ModelLoad(t),
        ];
        Gpus = [.. Boards.Select((board, position) => new Board(this, position, board.Identity))];
    }

    public SourceInfo Info { get; } = new(SourceInfo.Simulated) { DriverVersion = "simulated" };

    public IReadOnlyList<IGpu> Gpus { get; }

    public bool Open() => true;

    public bool TryReadStamp(int pid, out ProcessStamp stamp)
    {
        stamp = Find(pid) is { } process ? new(process.StartedAt, 0) : default;
        return stamp != default;
    }

    public ProcessFacts Read(int pid) =>
        Find(pid)?.Facts is { } facts ? facts with { Scope = ControlGroups.Read(Encoding.UTF8.GetBytes($"0::{facts.ControlGroup}")).Scope }
        : ProcessFacts.Unknown;

    public void Dispose()
    {
        // Nothing is held
    }

    private GpuReading ReadBoard(int position)
    {
        var seconds = Seconds();
        var alive = Alive(seconds);
        var board = Boards[position];
        var load = _loads[position](seconds);
        var used = alive.Sum(process => process.MemoryBytesByGpu[position]);
        return new GpuReading
        {
            UtilizationPercent = Math.Round(100 * load),
            MemoryUtilizationPercent = Math.Round(62 * load),
            MemoryTotalBytes = board.MemoryTotalBytes,
            MemoryUsedBytes = used,
            MemoryReservedBytes = board.MemoryReservedBytes,
            MemoryFreeBytes = board.MemoryTotalBytes - board.MemoryReservedBytes - used,
            TemperatureCelsius = Math.Round(board.Celsius(_loads[position], seconds)),
            PowerWatts = Math.Round(board.Watts(load) * (1 + 0.01 * _noise.At(10 + position, seconds, 2)), 1),
        };
    }

    private double Seconds() => (_clock.GetUtcNow() - _beganAt).TotalSeconds;

    private SimulatedProcess? Find(int pid) => Alive(Seconds()).Find(process => process.Pid == pid);

    private List<SimulatedProcess> Alive(double seconds)
    {
        List<SimulatedProcess> alive =
            [SimulatedProcess.XServer(_loggedInAt), SimulatedProcess.Shell(_loggedInAt), SimulatedProcess.Browser(_loggedInAt)];
        if (Scene.ModelSession(seconds) is { } model)
            alive.Add(SimulatedProcess.Model(model, _beganAt.AddSeconds(Scene.ModelStartedAt(model))));
        if (Scene.GameSession(seconds) is { } game)
            alive.Add(SimulatedProcess.Game(game, _beganAt.AddSeconds(Scene.GameStartedAt(game))));
        return alive;
    }

    private sealed class Board(SimulatedSource source, int position, GpuIdentity identity) : IGpu
    {
        public GpuIdentity Identity => identity;

        public bool IsAsleep() => false;

        public void Read(ref GpuReading reading) => reading = source.ReadBoard(position);

        public GpuDetailReading? ReadDetails() => new(new GpuDetails(), Boards[position].LimitWatts);

        public bool ReadProcesses(List<GpuProcessReading> processes)
        {
            processes.Clear();
            foreach (var process in source.Alive(source.Seconds()))
                if (process.MemoryBytesByGpu[position] is > 0 and var bytes)
                    processes.Add(new(process.Pid, process.Context, bytes));
            return true;
        }
    }
}
