using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Models that are loaded again and again, as long as that is still worth a warning.</summary>
internal static class Thrashing
{
    public static readonly TimeSpan WarnFor = TimeSpan.FromMinutes(15);

    /// <summary>The newest warning of each model of a server.</summary>
    public static IReadOnlyList<ModelResidencyChanged> Of(IEnumerable<ModelResidencyChanged> changes, string nodeId, string server, DateTimeOffset now) =>
    [
        .. changes.Where(change => change.Change is ResidencyChange.Thrashing && change.NodeId == nodeId && change.Server == server && now - change.ChangedAt < WarnFor)
            .GroupBy(change => change.Model).Select(group => group.MaxBy(change => change.ChangedAt)!)
            .OrderByDescending(change => change.ChangedAt),
    ];

    public static string Sentence(ModelResidencyChanged change, DateTimeOffset now) =>
        $"{change.Model} is loaded again and again{(change.Reason is { Length: > 0 } reason ? $": {reason.TrimEnd('.')}" : "")}. "
        + $"Every load costs its users seconds{(change.LoadMs is { } load ? $", the last one {LlmFigure.Milliseconds(load)}" : "")} (noticed {Age.Ago(change.ChangedAt, now)}).";
}
