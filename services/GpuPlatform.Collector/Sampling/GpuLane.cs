using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// The way of one GPU through the ticks: what of it is due, what it last said, and how long it is left alone after failing. Its working fields
/// belong to the driver call while that runs or is stalled, and to the sampler otherwise.
/// </summary>
internal sealed class GpuLane(IGpu gpu, TimeProvider clock) : DriverCall(clock)
{
    /// <summary>Failures in a row that are taken as a passing trouble.</summary>
    internal const int ToleratedFailures = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _clock = clock;
    private readonly List<GpuProcessReading> _processes = [];
    private List<GpuProcessReading>? _read;
    private GpuReading _reading;
    private GpuDetailReading? _details;
    private Due _due;
    private bool _isAsked;
    private long? _detailsReadAt;
    private long? _processesReadAt;
    private bool _called;
    private bool _isReadNow;
    private bool _asleep;
    // As the tick was judged: a call that comes back a moment later must not mix its answer with what is said already
    private TimeSpan? _silence;
    private int _failures;
    private TimeSpan _pause;
    private long _failedAt;

    /// <summary>The GPU as its source lists it now; a source that opened anew lists another object.</summary>
    public IGpu Gpu { get; set; } = gpu;

    /// <summary>The call that opens its source: while that hangs, the GPU is not asked either.</summary>
    public DriverCall? Source { get; set; }

    public GpuIdentity Identity => Gpu.Identity;

    /// <summary>False while it is left alone after too many failures, and while its driver hangs.</summary>
    public bool IsReady => Stalled is null && (_pause == TimeSpan.Zero || _clock.GetElapsedTime(_failedAt) >= _pause);

    /// <summary>The power limit as last read.</summary>
    public double? PowerLimitWatts => IsAnswering ? _details?.PowerLimitWatts : null;

    /// <summary>The details, when this tick read them.</summary>
    public GpuDetails? NewDetails => _isReadNow && _due.Details ? _details?.Details : null;

    /// <summary>The processes, when this tick read them.</summary>
    public List<GpuProcessReading>? NewProcesses => _isReadNow ? _read : null;

    public GpuState State => _silence is not null ? GpuState.Stalled
        : _asleep ? GpuState.Sleeping
        : Reading.Error is null ? GpuState.Active
        : Reading.IsLost ? GpuState.Lost
        : GpuState.Failing;

    /// <summary>What it last said; empty but for the reason when it does not answer.</summary>
    public GpuReading Reading =>
        _silence is { } time ? new GpuReading { Error = $"the driver has not answered for {time.TotalSeconds:F0} s" }
        : Failure is { } failure ? new GpuReading { Error = failure.Message }
        : _reading;

    private DriverCall? Stalled => IsStalled ? this : Source is { IsStalled: true } ? Source : null;

    private bool IsAnswering => State == GpuState.Active;

    /// <summary>Says what the call reads. Only while <see cref="IsReady"/>.</summary>
    /// <param name="asked">What somebody wants read; null: what is due.</param>
    /// <param name="pace">Says what is due.</param>
    public void Prepare(Due? asked, SamplingPace pace)
    {
        _isAsked = asked is not null;
        _due = asked ?? pace.At(_detailsReadAt, _processesReadAt);
        _called = true;
        _read = null;
    }

    /// <summary>Judges the call: it came back, was given up, or was not made.</summary>
    public void Conclude()
    {
        _silence = Stalled?.Age;
        var isBack = _called && _silence is null;
        _called = false;
        _isReadNow = isBack && IsAnswering;
        if (!isBack)
            return;
        if (Reading.Error is null)
            (_failures, _pause) = (0, TimeSpan.Zero);
        else
            CountFailure();
    }

    protected override void Execute()
    {
        _asleep = Gpu.IsAsleep();
        if (_asleep)
        {
            (_reading, _details, _detailsReadAt, _processesReadAt) = (default, null, null, null);
            return;
        }
        Gpu.Read(ref _reading);
        if (_reading.Error is not null)
            return;
        if (_due.Details)
        {
            _details = Gpu.ReadDetails();
            _detailsReadAt = _isAsked ? _detailsReadAt : _clock.GetTimestamp();
        }
        if (_due.Processes && Gpu.ReadProcesses(_processes))
        {
            _read = _processes;
            // What somebody asks for is not sent: it must not postpone what is
            _processesReadAt = _isAsked ? _processesReadAt : _clock.GetTimestamp();
        }
    }

    private void CountFailure()
    {
        _failedAt = _clock.GetTimestamp();
        if (++_failures > ToleratedFailures)
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause + _pause < LongestPause ? _pause + _pause : LongestPause;
    }
}
