using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Listens for the driver's events on a thread of its own, for as long as its session lives. What fails is built anew after a pause; what the
/// driver does not offer is not asked for again.
/// </summary>
internal sealed partial class XidWatch(NvmlSession session, IReadOnlyList<OpenGpu> gpus, XidLog log, TimeProvider clock, ILogger logger) : IDisposable
{
    private const uint WaitMilliseconds = 1000;
    private const NvmlEventTypes Wanted = NvmlEventTypes.Xid | NvmlEventTypes.CorrectedMemoryError | NvmlEventTypes.UncorrectedMemoryError;

    // A library that says "nothing happened" sooner than this did not wait, and would keep a processor busy
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly NvmlEventApi _api = new(session.Library);
    private readonly NvmlStatusFunnel _funnel = session.Funnel;
    private readonly BackOff _backOff = new(FirstPause, TimeSpan.FromSeconds(30));
    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "driver events" };
        _thread.Start();
    }

    /// <summary>Ends the listening, which may take as long as the driver lets it wait.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stop.IsCancellationRequested && Listen())
                Pause(_backOff.Next());
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Log.Ended(logger, e);
        }
    }

    // False when it is over for good
    private bool Listen()
    {
        using var set = NvmlEventSet.Create(session, _api, _funnel, out var outcome);
        if (set is null)
            return outcome >= NvmlOutcome.Failed;
        var armed = gpus.Select(gpu => Arm(gpu, set)).ToList();
        // Unknown is the driver's word for a set it has spoilt
        if (armed.Contains(NvmlStatus.Unknown))
            return true;
        if (!armed.Contains(NvmlStatus.Success))
            return armed.Exists(status => NvmlStatusFunnel.Meaning(status) >= NvmlOutcome.Failed);
        while (!_stop.IsCancellationRequested)
            if (!WaitFor(set))
                return true;
        return false;
    }

    private NvmlStatus Arm(OpenGpu gpu, NvmlEventSet set)
    {
        var status = _api.Supported(gpu.Device, out var supported);
        if (_funnel.Judge("nvmlDeviceGetSupportedEventTypes", status) != NvmlOutcome.Answered)
            return status;
        if ((supported & Wanted) == NvmlEventTypes.None)
            return NvmlStatus.NotSupported;
        status = set.Register(gpu.Device, supported & Wanted);
        if (_funnel.Judge("nvmlDeviceRegisterEvents", status) == NvmlOutcome.Answered && supported.HasFlag(NvmlEventTypes.Xid))
            log.Listen(gpu.Identity.Uuid);
        return status;
    }

    private bool WaitFor(NvmlEventSet set)
    {
        var beganAt = clock.GetTimestamp();
        var status = set.Wait(WaitMilliseconds, out var data);
        if (status == NvmlStatus.Timeout)
        {
            _backOff.Reset();
            if (clock.GetElapsedTime(beganAt) < ShortestWait)
                Pause(FirstPause);
            return true;
        }
        if (_funnel.Judge("nvmlEventSetWait", status) != NvmlOutcome.Answered)
            return false;
        _backOff.Reset();
        if (gpus.FirstOrDefault(gpu => gpu.Device == data.Device) is { } reporter)
            Take(reporter.Identity, data);
        return true;
    }

    private void Take(GpuIdentity gpu, NvmlEvent data)
    {
        if (data.Type.HasFlag(NvmlEventTypes.Xid))
            log.Add(gpu.Uuid, gpu.Index, data.Data);
        else if (data.Type is NvmlEventTypes.CorrectedMemoryError or NvmlEventTypes.UncorrectedMemoryError)
            log.AddMemoryError(gpu.Uuid, gpu.Index, data.Type == NvmlEventTypes.CorrectedMemoryError);
    }

    private void Pause(TimeSpan time) => Task.Delay(time, clock, _stop.Token).GetAwaiter().GetResult();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The driver's events are not listened for any more")]
        public static partial void Ended(ILogger logger, Exception exception);
    }
}
