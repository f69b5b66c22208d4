using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Which models one server has in memory, and what changed since the look before. What is there at the first look has not changed.</summary>
internal sealed class ResidencyTracker(string nodeId, string server, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Tenancy> _tenancies = new(ModelName.Comparer);
    private readonly ModelHistories _histories = new();
    private readonly HashSet<string> _expired = new(ModelName.Comparer);
    private TimeSpan? _lookedAt;

    /// <summary>In memory at the last look.</summary>
    public IReadOnlyList<ResidentModel> Resident { get; private set; } = [];

    /// <summary>Models that are loaded again and again, in words.</summary>
    public IReadOnlyList<string> Thrashing => _histories.Thrashing;

    public bool Has(string model) => _tenancies.ContainsKey(ModelName.Whole(model));

    /// <summary>Takes a look, and gives what is to be told of it.</summary>
    /// <param name="models">In memory now, each name once.</param>
    /// <param name="requests">Requests that ended since the last look.</param>
    /// <param name="awaited">Models, by whole names, that requests under way ask for.</param>
    /// <param name="silence">How long the server was out of reach before this look; null when it was not.</param>
    public IReadOnlyList<ModelResidencyChanged> Look(
        IReadOnlyList<LoadedModel> models, IReadOnlyList<RequestEvidence> requests, IReadOnlySet<string> awaited, TimeSpan? silence)
    {
        var (now, at) = (time.Monotonic(), GpuSampler.WholeMilliseconds(time.GetUtcNow()));
        var changes = new List<ModelResidencyChanged>();
        foreach (var request in requests) _histories.Of(request.Model).Learn(request);
        var listed = new Dictionary<string, LoadedModel>(ModelName.Comparer);
        foreach (var model in models) listed.TryAdd(ModelName.Whole(model.Model.Name), model);
        var room = listed.Keys.Concat(awaited).Where(name => !_tenancies.ContainsKey(name)).Order(StringComparer.Ordinal).FirstOrDefault();
        foreach (var (name, tenancy) in _tenancies.ToList())
        {
            var isListed = listed.TryGetValue(name, out var model);
            var why = isListed ? tenancy.WhyAnother(model!) : WhyGone(tenancy, now, at, room, silence);
            if (!isListed || why is not null) Leave(changes, tenancy, now, at, why);
        }
        foreach (var (name, model) in listed) Stay(name, model, now, at);
        foreach (var tenancy in _tenancies.Values) Announce(changes, tenancy, now, awaited);
        foreach (var model in _histories.NewlyThrashing(now, _expired.Contains)) changes.Add(Thrash(model, at));
        _lookedAt = now;
        Resident = [.. _tenancies.Values.Select(tenancy => tenancy.ToModel()).OrderBy(model => model.Name, StringComparer.Ordinal)];
        return changes;
    }

    /// <summary>What would be told later, now: nothing comes later.</summary>
    public IReadOnlyList<ModelResidencyChanged> Close() => [.. _tenancies.Values.Select(tenancy => tenancy.TakeAnnouncement()).OfType<ModelResidencyChanged>()];

    private void Stay(string name, LoadedModel model, TimeSpan now, DateTimeOffset at)
    {
        if (!_tenancies.TryGetValue(name, out var tenancy))
        {
            tenancy = _tenancies[name] = new Tenancy(model, name, _lookedAt is null ? null : at, _lookedAt ?? TimeSpan.MinValue, now);
            if (_lookedAt is { } before)
            {
                _histories.Of(name).Came(before, now);
                tenancy.Announcement = Change(ResidencyChange.Loaded, model.Model, at);
            }
        }
        tenancy.Update(model, _histories.Of(name).LastWait);
    }

    private void Leave(List<ModelResidencyChanged> changes, Tenancy tenancy, TimeSpan now, DateTimeOffset at, string? reason)
    {
        if (tenancy.TakeAnnouncement() is { } announcement) changes.Add(announcement);
        changes.Add(Change(ResidencyChange.Unloaded, tenancy.Model.Model, at) with
        {
            ResidentMs = tenancy.LoadedAt is null ? null : (now - tenancy.SeenAt).TotalMilliseconds,
            Reason = reason,
        });
        if (tenancy.Model.Model.ExpiresAt <= at) _expired.Add(tenancy.Name);
        else _expired.Remove(tenancy.Name);
        _tenancies.Remove(tenancy.Name);
    }

    // The time that a load took is known when a request that waited for it has ended: that long the news can wait, but not for ever
    private static void Announce(List<ModelResidencyChanged> changes, Tenancy tenancy, TimeSpan now, IReadOnlySet<string> awaited)
    {
        if (tenancy.Announcement is null) return;
        tenancy.UnawaitedLooks = awaited.Contains(tenancy.Name) ? 0 : tenancy.UnawaitedLooks + 1;
        if (tenancy.LoadMs is null && tenancy.UnawaitedLooks < 2 && now - tenancy.SeenAt < LongestWait) return;
        changes.Add(tenancy.TakeAnnouncement()!);
    }

    private string? WhyGone(Tenancy tenancy, TimeSpan now, DateTimeOffset at, string? room, TimeSpan? silence)
    {
        if (silence is { } away) return $"{server} was out of reach for {away.TotalSeconds:0} s and is back without it";
        // Requests under way keep a model for some time after that
        if (_histories.Of(tenancy.Name).UnloadAskedAt is { } asked && asked >= tenancy.SeenAt - Tenancy.Slack && now - asked < LongestWait) return "a request unloaded it";
        if (tenancy.Model.Model.ExpiresAt <= at) return "its time (keep_alive) was over";
        return room is null ? null : $"to make room for {room}";
    }

    private ModelResidencyChanged Thrash(ModelHistory model, DateTimeOffset at)
    {
        var tenancy = _tenancies.GetValueOrDefault(model.Name);
        return Change(ResidencyChange.Thrashing, tenancy?.Model.Model ?? new ResidentModel { Name = model.Name }, at) with
        {
            LoadMs = model.LastWait?.Duration?.TotalMilliseconds,
            Reason = model.Thrashing,
        };
    }

    private ModelResidencyChanged Change(ResidencyChange change, ResidentModel model, DateTimeOffset at) => new()
    {
        NodeId = nodeId,
        ChangedAt = at,
        Server = server,
        Model = model.Name,
        Change = change,
        SizeBytes = model.SizeBytes,
        VramBytes = model.VramBytes,
        ContextLength = model.ContextLength,
        ExpiresAt = model.ExpiresAt,
    };
}
