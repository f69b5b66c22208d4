using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Opens and closes the driver. Each step is a call of its own that may hang: what hangs is left behind, the GPUs that answer are opened, and
/// the one that does not is not asked again before it has.
/// </summary>
internal sealed class NvmlOpener(Func<NvmlLibrary?> load, NvmlStatusFunnel funnel, NvmlSettings settings, NvmlCounters counters) : IDisposable
{
    // Far beyond any host; a garbage count must not become a garbage loop
    internal const uint MostDevices = 256;

    // What takes longer goes on by itself, and nobody waits for it: not a tick, and not the end of the program
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = settings.Clock;
    private readonly Dictionary<string, OpenGpuCall> _hanging = [];
    // Sooner than the sampler gives up on the source as a whole
    private readonly DriverThread _driver = new(settings.StallAfter * 0.8);
    private readonly DriverThread _closer = new(ClosePatience);
    private BeginCall? _begin;

    /// <summary>Opens the driver and of its GPUs those in <paramref name="chosen"/>, by address; null: all of them, by index.</summary>
    public NvmlOpening Open(IReadOnlyList<PciGpu>? chosen)
    {
        var begin = Begin();
        if (begin is not { IsBusy: false, Session: { } session })
            return new NvmlOpening(new SourceInfo(SourceInfo.None, ReasonOf(begin)));
        // From here on somebody waits for it
        _begin = null;
        var info = begin.Info ?? new SourceInfo(SourceInfo.Nvml);
        if (CountProblem(begin) is { } problem)
            return Refuse(session, info, problem);
        var missing = new List<string>();
        var calls = chosen is not null ? Enumerable.Range(0, chosen.Count).Select(i => new OpenGpuCall(session, i, chosen[i], settings))
            : Enumerable.Range(0, (int)begin.Count).Select(i => new OpenGpuCall(session, i, pci: null, settings));
        var opening = OpenGpus([.. calls], missing);
        if (session.IsLost)
            return Refuse(session, info, NvmlReasons.EndsAtOnce);
        if (opening.Gpus.Count == 0)
            return Refuse(session, info, NvmlReasons.NoneOpened(begin.Count, missing)) with { Lost = opening.Lost };
        return opening with
        {
            Info = info with { Missing = missing.Count > 0 ? string.Join("; ", missing) : null },
            Session = session,
            Count = begin.Count,
        };
    }

    /// <summary>Closes the driver, or leaves that to the call that is still in it.</summary>
    public void Close(NvmlSession session, XidWatch? xids = null)
    {
        var end = new EndCall(session, xids, _clock);
        _closer.Run([end]);
        if (end.IsStalled || !session.IsEnded)
            counters.LeftBehind();
    }

    public void Dispose()
    {
        if (_begin is { IsBusy: false, Session: { } late })
            late.Dispose();
        _driver.Dispose();
        _closer.Dispose();
    }

    private BeginCall Begin()
    {
        if (_begin is { IsBusy: true })
            return _begin;
        // One that was given up has come back with a session nobody waited for
        if (_begin?.Session is { } late)
            Close(late);
        _begin = new BeginCall(load, funnel, _clock);
        _driver.Run([_begin]);
        if (_begin.IsBusy)
            counters.LeftBehind();
        else if (_begin is { LibraryIsMissing: false, Session: null })
            counters.InitFailed();
        return _begin;
    }

    private string ReasonOf(BeginCall begin) => begin switch
    {
        { IsBusy: true } => NvmlReasons.Hangs("opening NVML", begin.Age),
        { Failure: { } failure } => $"the NVIDIA management library cannot be used: {failure.Message}",
        { LibraryIsMissing: true } => NvmlReasons.NoLibrary(settings.Root),
        _ => NvmlReasons.Init(begin.Status),
    };

    private static string? CountProblem(BeginCall begin) =>
        begin.CountStatus != NvmlStatus.Success || begin.Count > MostDevices
            ? $"the NVIDIA driver answers but cannot count its GPUs: {NvmlStatusFunnel.Describe(begin.CountStatus)}"
            : begin.Count == 0 ? NvmlReasons.NoGpu : null;

    private NvmlOpening Refuse(NvmlSession session, SourceInfo info, string reason)
    {
        Close(session);
        return new NvmlOpening(info with { Name = SourceInfo.None, UnavailableReason = reason });
    }

    private NvmlOpening OpenGpus(List<OpenGpuCall> calls, List<string> missing)
    {
        foreach (var key in _hanging.Where(call => !call.Value.IsBusy).Select(call => call.Key).ToList())
            _hanging.Remove(key);
        missing.AddRange(_hanging.Where(call => calls.Exists(wanted => wanted.Key == call.Key)).Select(call => Hangs(call.Value)));
        calls.RemoveAll(call => _hanging.ContainsKey(call.Key));
        _driver.Run(calls);
        var gpus = new List<OpenGpu>();
        foreach (var call in calls)
        {
            if (call.IsBusy)
            {
                _hanging[call.Key] = call;
                counters.LeftBehind();
                missing.Add(Hangs(call));
            }
            else if (call.Result is null && !call.IsNotOurs)
                missing.Add($"GPU {call.Key} cannot be opened: {call.Failure?.Message ?? NvmlStatusFunnel.Describe(call.Problem)}");
            else if (call.Result is { } gpu && !gpus.Exists(known => known.Identity.Uuid == gpu.Identity.Uuid))
                gpus.Add(gpu);
        }
        return new NvmlOpening(new SourceInfo(SourceInfo.Nvml))
        {
            Gpus = gpus,
            Lost = [.. calls.Where(call => call is { IsBusy: false, IsLost: true }).Select(call => call.Key)],
        };
    }

    private static string Hangs(OpenGpuCall call) => NvmlReasons.Hangs($"opening GPU {call.Key}", call.Age);
}
