using System.Text;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>An invented desktop with two GPUs, for demonstrations and for tests without a GPU. Its names say that it is invented.</summary>
internal sealed class SimulatedSource : IGpuSource, IProcessReader
{
    private const long GiB = 1L << 30;
    private static readonly double[] ModelShares = [0.75, 0.55];

    internal static readonly SimulatedGpu[] Boards =
    [
        new(new(0, "GPU-51m00000-0000-4000-8000-000000000000", "NVIDIA GeForce RTX 4090 (simulated)"), 24 * GiB, 24, 450)
        {
            MaxClockMegahertz = 2745, MaxMemoryClockMegahertz = 10_501, FanCount = 3, FanMaxRpm = 3200, PciBusId = "0000:01:00.0", ComputeCapability = "8.9",
        },
        new(new(1, "GPU-51m00000-0000-4000-8000-000000000001", "NVIDIA GeForce RTX 3060 (simulated)"), 12 * GiB, 13, 170)
        {
            MaxClockMegahertz = 2100, MaxMemoryClockMegahertz = 7501, FanCount = 2, FanMaxRpm = 3400, PciBusId = "0000:05:00.0", ComputeCapability = "8.6",
        },
    ];

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _beganAt;
    private readonly DateTimeOffset _loggedInAt;
    private readonly Scene _scene;
    private readonly Noise _noise;
    private readonly Func<double, double>[] _loads;
    private readonly SimulatedMeter[] _meters;
    private readonly ModelAbsence _absence = new();

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
            t => Math.Min(1, _scene.DesktopLoad(t) + _scene.GameLoad(t) + ModelShares[0] * ModelLoad(t)),
            t => ModelShares[1] * ModelLoad(t),
        ];
        _meters = [.. _loads.Select((load, position) =>
            new SimulatedMeter(load, t => Watts(position, t), t => SimulatedGpu.IsPowerLimited(load(t))))];
        Server = new SimulatedServer(() => ModelSession(Seconds()) is not null, Seconds, _absence, clock);
        Gpus = [.. Boards.Select((board, position) => new Board(this, position, board.Identity))];
    }

    public SourceInfo Info { get; } = new(SourceInfo.Simulated) { DriverVersion = "simulated" };

    public IReadOnlyList<IGpu> Gpus { get; }

    /// <summary>What the invented model runs on, for whoever hands GPUs over.</summary>
    public SimulatedServer Server { get; }

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

    private GpuReading ReadBoard(int position, double seconds)
    {
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
            PowerWatts = Math.Round(Watts(position, seconds), 1),
            EnergyJoules = Math.Round(_meters[position].At(seconds).EnergyJoules, 3),
        };
    }

    private double Watts(int position, double seconds) =>
        Boards[position].Watts(_loads[position](seconds)) * (1 + 0.01 * _noise.At(10 + position, seconds, 2));

    private GpuDetails ReadDetails(int position, double seconds)
    {
        var details = SimulatedDetails.Of(
            Boards[position], _loads[position], seconds, Watts(position, seconds), _meters[position].At(seconds), ReadBoard(position, seconds));
        // Only the first board drives the screen, and with it the stream and the video
        return details with
        {
            EncoderUtilizationPercent = position == 0 ? Math.Round(100 * _scene.StreamLoad(seconds)) : 0,
            DecoderUtilizationPercent = position == 0 ? Math.Round(100 * _scene.VideoLoad(seconds)) : 0,
        };
    }

    private GpuProcessReading ReadProcess(SimulatedProcess process, int position, double seconds)
    {
        // What does not fit is cut for all alike, as the load of the board is cut at 1
        var wanted = ModelShares[position] * ModelLoad(seconds) + (position == 0 ? _scene.GameLoad(seconds) + _scene.DesktopLoad(seconds) : 0);
        var share = process.Share(_scene, ModelShares[position], seconds) / Math.Max(1, wanted);
        return new GpuProcessReading(process.Pid, process.Context, process.MemoryBytesByGpu[position])
        {
            SmPercent = Math.Floor(100 * share),
            MemoryPercent = Math.Floor(62 * share),
            EncoderPercent = process.Role is SimulatedRole.Game ? Math.Round(100 * _scene.StreamLoad(seconds)) : 0,
            DecoderPercent = process.Role is SimulatedRole.Browser ? Math.Round(100 * _scene.VideoLoad(seconds)) : 0,
        };
    }

    private int? ModelSession(double seconds) => _absence.At(seconds) ? null : Scene.ModelSession(seconds);

    private double ModelLoad(double seconds) => _absence.At(seconds) ? 0 : _scene.ModelLoad(seconds);

    private double Seconds() => (_clock.GetUtcNow() - _beganAt).TotalSeconds;

    private SimulatedProcess? Find(int pid) => Alive(Seconds()).Find(process => process.Pid == pid);

    private List<SimulatedProcess> Alive(double seconds)
    {
        List<SimulatedProcess> alive =
            [SimulatedProcess.XServer(_loggedInAt), SimulatedProcess.Shell(_loggedInAt), SimulatedProcess.Browser(_loggedInAt)];
        if (ModelSession(seconds) is { } model)
        {
            var (returns, returnedAt) = _absence.Returns(seconds);
            // A model that comes back is another process
            alive.Add(SimulatedProcess.Model(
                model + returns, GpuSampler.WholeMilliseconds(_beganAt.AddSeconds(Math.Max(Scene.ModelStartedAt(model), returnedAt ?? double.NegativeInfinity)))));
        }
        if (Scene.GameSession(seconds) is { } game)
            alive.Add(SimulatedProcess.Game(game, _beganAt.AddSeconds(Scene.GameStartedAt(game))));
        return alive;
    }

    private sealed class Board(SimulatedSource source, int position, GpuIdentity identity) : IGpu
    {
        public GpuIdentity Identity => identity;

        public bool IsAsleep() => false;

        public void Read(ref GpuReading reading) => reading = source.ReadBoard(position, source.Seconds());

        public GpuDetailReading? ReadDetails() => new(source.ReadDetails(position, source.Seconds()), Boards[position].LimitWatts);

        public bool ReadProcesses(List<GpuProcessReading> processes)
        {
            processes.Clear();
            var seconds = source.Seconds();
            foreach (var process in source.Alive(seconds))
                if (process.MemoryBytesByGpu[position] > 0)
                    processes.Add(source.ReadProcess(process, position, seconds));
            return true;
        }
    }
}
