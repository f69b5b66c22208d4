namespace GpuPlatform.LocalHosting.Servers;

/// <summary>Where the servers' data lives.</summary>
internal static class DataFolder
{
    public const string Override = "GPUPLATFORM_DATA";

    public static string Choose() => Choose(Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess);

    /// <summary>Root's own home is closed to the unprivileged users that run the servers, so root's default is a system folder.</summary>
    public static string Choose(Func<string, string?> variable, bool isRoot)
    {
        if (variable(Override) is { Length: > 0 } chosen) return Path.GetFullPath(chosen);
        if (variable("XDG_DATA_HOME") is { Length: > 0 } data) return Path.Combine(data, "gpuplatform");
        if (isRoot) return "/var/lib/gpuplatform";
        return variable("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".local", "share", "gpuplatform")
            : throw new DistributedApplicationException($"HOME is not set, so there is no place for data; set {Override} to a folder.");
    }
}
