using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The effective settings as the configuration of a host.</summary>
public sealed class SettingsSource(EffectiveSettings settings) : IConfigurationSource
{
    /// <summary>A slim web application whose configuration is <paramref name="settings"/> alone.</summary>
    public static WebApplicationBuilder CreateBuilder(EffectiveSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = settings.ProgramFolder,
            EnvironmentName = settings.EnvironmentName,
            // Files are read once, so nothing needs to watch them
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        // The framework's own layers hold what was refused here
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        foreach (var source in sources.Where(IsReplaced).ToList()) sources.Remove(source);
        sources.Add(new SettingsSource(settings));
        return builder;
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(settings);

    private static bool IsReplaced(IConfigurationSource source) =>
        source is JsonConfigurationSource or EnvironmentVariablesConfigurationSource or CommandLineConfigurationSource;

    private sealed class Provider(EffectiveSettings settings) : ConfigurationProvider
    {
        public override void Load()
        {
            foreach (var (key, entry) in settings.Values) Data[key] = entry.Value;
        }
    }
}
