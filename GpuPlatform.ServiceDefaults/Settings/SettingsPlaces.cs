using System.Collections;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Where settings are looked for.</summary>
/// <param name="ProgramFolder">Holds <c>appsettings.json</c>.</param>
/// <param name="Environment">Variables; they also say where the other folders are.</param>
/// <param name="Arguments">The command line.</param>
public sealed record SettingsPlaces(string ProgramFolder, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Arguments)
{
    /// <summary>Names a folder that takes the place of <c>/etc/gpuplatform</c>.</summary>
    public const string FolderVariable = "GPUPLATFORM_CONFIG";

    private const string SystemFolder = "/etc/gpuplatform";
    private const string FolderName = "gpuplatform";

    public static SettingsPlaces OfThisProcess(IReadOnlyList<string> arguments) => new(
        AppContext.BaseDirectory,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        arguments);

    /// <summary>The files that are there, earliest first: the service's own, then those of the host.</summary>
    internal List<string> Files(string environmentName, List<string> problems) =>
    [
        .. new[] { "appsettings.json", $"appsettings.{environmentName}.json" }.Select(name => Path.Combine(ProgramFolder, name)).Where(File.Exists),
        .. SharedFiles(problems),
    ];

    /// <summary>The files of system and user, which all services of the host read.</summary>
    internal List<string> SharedFiles(List<string> problems)
    {
        var system = Variable(FolderVariable);
        if (system is not null && !Directory.Exists(system)) problems.Add($"{FolderVariable} is {SettingText.Quote(system)}, which is no folder");
        return [.. FilesIn(system ?? SystemFolder, problems), .. UserFolder() is { } user ? FilesIn(user, problems) : []];
    }

    // The base directory specification has relative paths ignored
    private string? UserFolder() =>
        Variable("XDG_CONFIG_HOME") is { } configured && Path.IsPathRooted(configured) ? Path.Combine(configured, FolderName)
        : Variable("HOME") is { } home ? Path.Combine(home, ".config", FolderName)
        : null;

    private string? Variable(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> FilesIn(string folder, List<string> problems)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{folder} cannot be read: {e.Message}");
            return [];
        }
    }
}
