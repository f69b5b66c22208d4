using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>A model's stay in memory.</summary>
/// <param name="model">As it was first listed.</param>
/// <param name="name">Its whole name.</param>
/// <param name="loadedAt">When its coming was noticed; null when it was there before.</param>
/// <param name="absentAt">It was not there at this instant yet.</param>
/// <param name="seenAt">It was first listed at this instant.</param>
internal sealed class Tenancy(LoadedModel model, string name, DateTimeOffset? loadedAt, TimeSpan absentAt, TimeSpan seenAt)
{
    /// <summary>By how much two clocks may disagree on what came first.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public string Name => name;

    public LoadedModel Model { get; private set; } = model;

    public DateTimeOffset? LoadedAt => loadedAt;

    public TimeSpan SeenAt => seenAt;

    public double? LoadMs { get; private set; }

    /// <summary>The news of its coming, while it is not told.</summary>
    public ModelResidencyChanged? Announcement { get; set; }

    /// <summary>Looks in a row at which no request waited for it.</summary>
    public int UnawaitedLooks { get; set; }

    /// <summary>Why <paramref name="now"/> is not the same stay, in words; null when it is.</summary>
    public string? WhyAnother(LoadedModel now)
    {
        if (now.Model.ContextLength is { } context && Model.Model.ContextLength is { } before && context != before)
            return $"to be loaded again with context {context} instead of {before}";
        return now.Digest is not null && Model.Digest is not null && now.Digest != Model.Digest ? "to be loaded again after it was replaced on disk" : null;
    }

    public void Update(LoadedModel now, ModelLoad? lastWait)
    {
        // A server that fails to say something once has not made it untrue
        Model = now with { Digest = now.Digest ?? Model.Digest, Model = now.Model with { ContextLength = now.Model.ContextLength ?? Model.Model.ContextLength } };
        if (lastWait?.ReadyAt >= (absentAt == TimeSpan.MinValue ? absentAt : absentAt - Slack)) LoadMs = lastWait.Duration?.TotalMilliseconds;
    }

    public ModelResidencyChanged? TakeAnnouncement()
    {
        var taken = Announcement;
        Announcement = null;
        // Sizes are final only when loading has ended
        return taken is null ? null : taken with
        {
            SizeBytes = Model.Model.SizeBytes, VramBytes = Model.Model.VramBytes, ContextLength = Model.Model.ContextLength, ExpiresAt = Model.Model.ExpiresAt, LoadMs = LoadMs,
        };
    }

    public ResidentModel ToModel() => Model.Model with { LoadedAt = loadedAt, LoadMs = LoadMs };
}
