using System.Reflection;
using System.Text.RegularExpressions;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.Architecture;

namespace GpuPlatform.Tests.Collector;

public sealed partial class CollectorSettingsTests
{
    private const string Page = "docs/configuration.md";

    private static readonly List<Setting> Settings = [.. CollectorSettings.Catalog.All];

    [Fact]
    public void Every_property_of_the_options_is_a_key_that_can_be_set()
    {
        var properties = new[] { typeof(SamplingOptions).Assembly, typeof(SettingsCatalog).Assembly }
            .SelectMany(assembly => assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !IsNested(type, assembly)))
            .SelectMany(type => Paths(type, SectionOf(type))).ToList();

        Assert.NotEmpty(properties);
        Assert.Empty(properties.Except(Settings.Select(setting => setting.Key), StringComparer.Ordinal));
    }

    [Fact]
    public void A_default_can_be_written_as_it_is_shown() =>
        Assert.All(Settings.Where(setting => setting.Default is not null), setting => Assert.Null(setting.Refusal(setting.Default!)));

    [Fact]
    public void Profiles_set_keys_that_there_are_to_values_that_they_take() =>
        Assert.All(CollectorSettings.Catalog.Profiles.SelectMany(profile => profile.Values), pair =>
            Assert.Null(Assert.Single(Settings, setting => setting.Key == pair.Key).Refusal(pair.Value)));

    [Fact]
    public void The_documentation_has_a_line_for_each_key_and_none_for_others()
    {
        var expected = Settings.Select(setting => $"| `{setting.Key}` | {DefaultOf(setting)} | {setting.Meaning} |").ToList();
        var written = Repository.Read(Page).Split('\n').SkipWhile(line => !line.StartsWith("| key", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'));

        Assert.True(expected.SequenceEqual(written), $"the table in {Page} must be:\n{string.Join('\n', expected)}");
    }

    [Fact]
    public void The_documentation_shows_what_each_profile_sets() =>
        Assert.All(CollectorSettings.Catalog.Profiles.SelectMany(profile => profile.Values, (profile, pair) => (profile.Name, pair.Key, pair.Value)), row =>
            Assert.Contains($"| `{row.Name}` | `{row.Key}` | `{row.Value}` |", Repository.Read(Page), StringComparison.Ordinal));

    [Fact]
    public void The_readme_speaks_of_no_key_of_the_collector_that_there_is_not()
    {
        var lines = Repository.Read("README.md").Split('\n').SkipWhile(line => !line.StartsWith("| Collector |", StringComparison.Ordinal)).ToList();
        var rows = lines.Take(1).Concat(lines.Skip(1).TakeWhile(line => line.StartsWith("| |", StringComparison.Ordinal))).ToList();
        var keys = rows.SelectMany(row => Key().Matches(row.Split('|')[2])).Select(match => match.Groups["key"].Value).ToList();

        Assert.NotEmpty(keys);
        Assert.Empty(keys.Except(Settings.Select(setting => setting.Key), StringComparer.Ordinal));
    }

    private static string DefaultOf(Setting setting) => setting.DefaultMeaning ?? (setting.Default is null ? "unset" : $"`{setting.Default}`");

    // Several options may share a section, and say so
    private static string SectionOf(Type type) => type.GetField("Section")?.GetRawConstantValue() as string ?? type.Name[..^"Options".Length];

    private static bool IsNested(Type type, Assembly assembly) =>
        assembly.GetTypes().SelectMany(other => other.GetProperties()).Any(property => property.PropertyType == type || ItemOf(property.PropertyType) == type);

    private static IEnumerable<string> Paths(Type type, string path) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite)
            .SelectMany(property => PathsOf(property.PropertyType, $"{path}:{property.Name}"));

    private static IEnumerable<string> PathsOf(Type type, string path) =>
        type.Name.EndsWith("Options", StringComparison.Ordinal) ? Paths(type, path)
        : ItemOf(type) is { } item ? PathsOf(item, $"{path}:<name>")
        : [path];

    // A dictionary's keys are names that somebody chooses
    private static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? type.GetGenericArguments()[1] : null;

    [GeneratedRegex("`(?<key>[^`]+)`")]
    private static partial Regex Key();
}
