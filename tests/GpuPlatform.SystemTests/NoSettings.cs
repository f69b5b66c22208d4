namespace GpuPlatform.SystemTests;

/// <summary>Variables that keep the settings of this machine and of its user out of the tests.</summary>
internal static class NoSettings
{
    public static IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>
    {
        ["GPUPLATFORM_CONFIG"] = Empty,
        ["XDG_CONFIG_HOME"] = Empty,
    };

    static string Empty => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "no-settings")).FullName;
}
