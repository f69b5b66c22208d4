namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Configuration section <c>Classifier</c>.</summary>
internal sealed class RulesOptions
{
    public const string Section = "Classifier";

    /// <summary>Folder of the user's rule files; empty, it is <c>rules</c> beside the settings of this user.</summary>
    public string RulesPath { get; set; } = "";

    /// <summary>Address of the classifier, for the dashboard: settings files may be shared by the services of a host.</summary>
    public string BaseAddress { get; set; } = "";

    public string Folder => RulesPath.Length > 0 ? Path.GetFullPath(RulesPath) : Path.Combine(SettingsFolder, "rules");

    private static string SettingsFolder =>
        Environment.GetEnvironmentVariable("GPUPLATFORM_CONFIG") is { Length: > 0 } own ? own
        : Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } configured && Path.IsPathRooted(configured) ? Path.Combine(configured, "gpuplatform")
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".config", "gpuplatform")
        : "/etc/gpuplatform";
}
