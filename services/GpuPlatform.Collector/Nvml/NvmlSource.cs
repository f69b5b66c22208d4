using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// NVIDIA GPUs through the driver's management library. It looks at the kernel before it touches anything, opens only what is awake, and lets go
/// of what nobody uses, so that it can fall asleep; see decision 015.
/// </summary>
internal sealed class NvmlSource : IGpuSource
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SoonAgain = TimeSpan.FromMinutes(1);

    private readonly NvmlSettings _settings;
    private readonly TimeProvider _clock;
    private readonly NvmlOpener _opener;
    private readonly NvmlCards _cards;
    private readonly XidLog _xids;
    private readonly NvmlGpuList _list = new();
    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15));
    private SourceInfo _versions = new(SourceInfo.Nvml);
    private IReadOnlyList<NvmlSeat> _seats = [];
    private NvmlOpening? _opening;
    private bool _isOpen;
    private long? _lookedAt;
    private long? _sessionLostAt;
    private (long Since, TimeSpan After)? _recovery;

    public NvmlSource(Func<NvmlLibrary?> load, NvmlStatusFunnel funnel, NvmlSettings settings)
    {
        (_settings, _clock) = (settings, settings.Clock);
        var counters = new NvmlCounters(settings.Meter);
        _opener = new NvmlOpener(load, funnel, settings, counters);
        _cards = new NvmlCards(settings);
        _xids = new XidLog(counters, _clock, settings.Logger);
    }

    public SourceInfo Info { get; private set; } = new(SourceInfo.None, NvmlReasons.NotOpened);

    public IReadOnlyList<IGpu> Gpus => _list.Current;

    public bool Open()
    {
        var session = _opening?.Session;
        if (!HasChanged() && _isOpen && session is not { IsLost: true })
        {
            _list.Update(_seats);
            return true;
        }
        if (session is { IsLost: true } && EndedSoonAgain())
        {
            Close();
            return Conclude(new NvmlOpening(_versions with { Name = SourceInfo.None, UnavailableReason = NvmlReasons.EndedAgain }), []);
        }
        Close();
        return Reopen();
    }

    public void Dispose()
    {
        Close();
        _opener.Dispose();
        _cards.Dispose();
    }

    private bool HasChanged()
    {
        var changed = false;
        if (IsPast(_lookedAt, LookInterval))
        {
            _lookedAt = _clock.GetTimestamp();
            changed = _cards.Refresh() | CountHasChanged();
        }
        if (_recovery is { } recovery && IsPast(recovery.Since, recovery.After))
        {
            _cards.ForgetLost();
            changed = true;
        }
        changed |= _cards.Look();
        if (_recovery is null && _cards.AnyLost)
            Schedule();
        return changed;
    }

    private bool Reopen()
    {
        // The last look may be seconds old, and what follows touches every GPU that is not asleep
        _cards.Refresh();
        _cards.Look();
        _cards.MarkWanted();
        if (_cards.NoneWanted)
            return Conclude(opening: null, _cards.Seats(opening: null, _xids));
        var opening = _opener.Open(_cards.Chosen());
        var seats = _cards.Seats(opening, _xids);
        if (opening.Session is { } session && _cards.ListenedTo(opening) is { Count: > 0 } gpus)
        {
            opening.Xids = new XidWatch(session, gpus, _xids, _clock, _settings.Logger);
            opening.Xids.Start();
        }
        return Conclude(opening, seats);
    }

    // A driver that does not open is no reason to forget GPUs that sleep: they are still there, and are listed
    private bool Conclude(NvmlOpening? opening, IReadOnlyList<NvmlSeat> seats)
    {
        var reason = opening?.Info.UnavailableReason;
        (_opening, _seats, _isOpen) = (opening, seats, reason is null || seats.Count > 0);
        _list.Update(seats);
        if (opening is { Session: not null })
            _versions = opening.Info with { Missing = null };
        Info = opening is not null && (reason is null || !_isOpen) ? opening.Info : _versions with { Missing = reason };
        if (_isOpen && (Info.Missing is not null || _cards.AnyLost))
            Schedule();
        else
        {
            _recovery = null;
            _backOff.Reset();
        }
        return _isOpen;
    }

    // To open anew disturbs the GPUs that are well: seldom, and more seldom the longer it does not help
    private void Schedule()
    {
        if (_recovery is not { } recovery || IsPast(recovery.Since, recovery.After))
            _recovery = (_clock.GetTimestamp(), _backOff.Next());
    }

    private bool EndedSoonAgain()
    {
        var soon = _sessionLostAt is not null && !IsPast(_sessionLostAt, SoonAgain);
        _sessionLostAt = _clock.GetTimestamp();
        return soon;
    }

    private bool CountHasChanged() => _opening is { Session: { IsLost: false } session }
        && session.Count(out var count) == NvmlStatus.Success && count != _opening.Count;

    private bool IsPast(long? since, TimeSpan time) => since is not { } at || _clock.GetElapsedTime(at) >= time;

    private void Close()
    {
        if (_opening?.Session is { } session)
            _opener.Close(session, _opening.Xids);
        _opening = null;
    }
}
