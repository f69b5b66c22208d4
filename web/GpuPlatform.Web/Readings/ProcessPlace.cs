using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Where a process runs, in the words of the process table.</summary>
internal static class ProcessPlace
{
    // As many digits as the container tools show
    private const int IdLength = 12;
    private const int UidLength = 8;

    /// <summary>A few words; null for an ordinary program of somebody's desktop.</summary>
    public static string? Short(ProcessScope? scope) => scope switch
    {
        null => null,
        { PodUid: { } uid } => $"pod {Cut(uid, UidLength)}",
        { ContainerId: { } id } => $"{Name(scope.Runtime)} {Cut(id, IdLength)}",
        { Runtime: { } runtime, ApplicationId: { } application } => $"{Name(runtime)} {application}",
        { Unit: { } unit } when unit.EndsWith(".service", StringComparison.Ordinal) => unit,
        _ => null,
    };

    /// <summary>Everything, whole; for whoever wants to look the container up.</summary>
    public static IEnumerable<(string What, string Value)> Parts(ProcessScope? scope)
    {
        if (scope?.ContainerId is { } id)
            yield return (scope.Runtime is { } runtime and not ProcessRuntime.Container ? $"Container ({Name(runtime)})" : "Container", id);
        if (scope?.PodUid is { } uid)
            yield return ("Pod", uid);
        if (scope?.ApplicationId is { } application)
            yield return (scope.Runtime is { } by ? $"Application ({Name(by)})" : "Application", application);
        if (scope?.Unit is { } unit)
            yield return ("Unit", unit);
    }

    private static string Name(ProcessRuntime? runtime) => runtime switch
    {
        null or ProcessRuntime.Container => "container",
        ProcessRuntime.CriO => "CRI-O",
        ProcessRuntime.Lxc => "LXC",
        ProcessRuntime.Containerd => "containerd",
        { } known => known.ToString(),
    };

    private static string Cut(string id, int length) => id.Length <= length ? id : id[..length];
}
