using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

/// <summary>All places of settings in a folder of the test's own, and a small service that has some.</summary>
internal sealed class SettingsFixture : IDisposable
{
    public static readonly SettingsCatalog Catalog = new()
    {
        Program = "Pacer",
        Purpose = "paces",
        Sections =
        [
            new SettingsSection<PaceOptions>("Pace").Key(o => o.Interval, "Time between two").Key(o => o.Count, "How many").Key(o => o.Name, "Its name", "none")
                .Key(o => o.IsQuick, "Whether it hurries").Key(o => o.Deep.Seed, "Where it begins"),
        ],
        Others = [new("ConnectionStrings:bus", null, "Where messages go") { IsSecret = true }],
        Profiles =
        [
            new("calm", "a quiet place", new Dictionary<string, string>()),
            new("hasty", "a loud place", new Dictionary<string, string> { ["Pace:Interval"] = "00:00:01", ["Pace:Count"] = "1" }),
        ],
        Elsewhere = ["Kitchen", "ConnectionStrings:store"],
        Variables = [SettingsPlaces.FolderVariable, "GPUPLATFORM_DATA"],
    };

    private readonly TemporaryTree _tree = new();

    public SettingsFixture()
    {
        foreach (var folder in (string[])["program", "etc", "home/gpuplatform"]) Directory.CreateDirectory(Path.Combine(_tree.Root, folder));
        Variables[SettingsPlaces.FolderVariable] = PathOf("etc");
        Variables["XDG_CONFIG_HOME"] = PathOf("home");
    }

    public Dictionary<string, string> Variables { get; } = [];

    public List<string> Arguments { get; } = [];

    public TemporaryTree Tree => _tree;

    public string PathOf(string path) => Path.Combine(_tree.Root, path);

    public SettingsFixture Program(string json, string name = "appsettings.json") => Write($"program/{name}", json);

    public SettingsFixture System(string json, string name = "a.json") => Write($"etc/{name}", json);

    public SettingsFixture User(string json, string name = "a.json") => Write($"home/gpuplatform/{name}", json);

    public SettingsFixture Variable(string name, string value)
    {
        Variables[name] = value;
        return this;
    }

    public SettingsFixture Argument(params string[] arguments)
    {
        Arguments.AddRange(arguments);
        return this;
    }

    public EffectiveSettings Read(SettingsCatalog? catalog = null) =>
        EffectiveSettings.Read(catalog ?? Catalog, new SettingsPlaces(PathOf("program"), Variables, Arguments));

    public IReadOnlyList<string> Problems(SettingsCatalog? catalog = null) => [.. Read(catalog).Problems.Select(Short)];

    /// <summary>The text with the test's folder left out of its paths.</summary>
    public string Short(string text) => text.Replace(_tree.Root + "/", "", StringComparison.Ordinal);

    public void Dispose() => _tree.Dispose();

    private SettingsFixture Write(string path, string json)
    {
        _tree.Write(path, json);
        return this;
    }
}

internal sealed class PaceOptions
{
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2.5);

    public int Count { get; set; } = 3;

    public string? Name { get; set; }

    public bool IsQuick { get; set; }

    public DeepOptions Deep { get; set; } = new();
}

internal sealed class DeepOptions
{
    public int Seed { get; set; } = 1;
}
