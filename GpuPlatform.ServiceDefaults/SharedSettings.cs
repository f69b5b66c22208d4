using GpuPlatform.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Hosting;

/// <summary>The host's settings for services that keep the framework's layers and check their own sections.</summary>
public static class SharedSettings
{
    /// <summary>Reads the files of system and user after the service's own, and variables with the product's prefix after the plain ones.</summary>
    /// <exception cref="InvalidOperationException">A file cannot be used; all such are named.</exception>
    public static void AddSharedSettings(this IHostApplicationBuilder builder) =>
        AddTo(((IConfigurationBuilder)builder.Configuration).Sources, SettingsPlaces.OfThisProcess([]));

    internal static void AddTo(IList<IConfigurationSource> sources, SettingsPlaces places)
    {
        var problems = new List<string>();
        var files = places.SharedFiles(problems).SelectMany(file => JsonFile.Read(file, problems).Entries).ToList();
        if (problems.Count > 0) throw new InvalidOperationException(string.Join('\n', problems));

        InsertAfter<EnvironmentVariablesConfigurationSource>(sources, EnvironmentVariables.WithOwnPrefix(places.Environment));
        InsertAfter<JsonConfigurationSource>(sources, files);
    }

    private static void InsertAfter<TSource>(IList<IConfigurationSource> sources, IEnumerable<SettingEntry> entries)
    {
        var last = sources.Select((source, index) => source is TSource ? index : -1).DefaultIfEmpty(-1).Max();
        var values = entries.GroupBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(same => KeyValuePair.Create(same.Key, same.Last().Value));
        sources.Insert(last + 1, new MemoryConfigurationSource { InitialData = [.. values] });
    }
}
