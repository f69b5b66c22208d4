namespace GpuPlatform.SystemTests;

/// <summary>Variables that keep the settings of this machine and of its user out of the tests.</summary>
internal static class NoSettings
{
    public static IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>
    {
        ["GPUPLATFORM_CONFIG"] = Empty,
        ["XDG_CONFIG_HOME"] = Empty,
        // The proxy's port is the same for all: collectors that do not need it leave it to those that do
        ["Ollama__Listen"] = "",
    };

    static string Empty => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "no-settings")).FullName;
}
