using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>Details as far as they speak of the present: while a game runs a collector may read none for an hour.</summary>
internal static class FreshDetails
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The GPU without its details when they are much older than its reading; both instants are of its host's clock.</summary>
    public static GpuSample Of(GpuSample gpu, DateTimeOffset? sampledAt) =>
        gpu.Details?.ReadAt is { } readAt && sampledAt - readAt > Longest ? gpu with { Details = null } : gpu;
}
