using GpuPlatform.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>A setting that nobody reads is a mistake of the one who wrote it: it stops the start, by its key.</summary>
/// <remarks>For services that read the framework's own layers; a catalog of all keys does the same for every section at once.</remarks>
public static class KnownKeys
{
    /// <summary>Refuses keys of the section that are not among the options' own, and names those that are.</summary>
    public static OptionsBuilder<TOptions> RefuseUnknownKeys<TOptions>(this OptionsBuilder<TOptions> builder, SettingsSection section)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(services => new Check<TOptions>(services.GetRequiredService<IConfiguration>(), section));
        return builder;
    }

    private sealed class Check<TOptions>(IConfiguration configuration, SettingsSection section) : IValidateOptions<TOptions> where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var known = section.Settings.Select(setting => setting.Key).ToList();
            var problems = configuration.GetSection(section.Name).GetChildren()
                .Where(child => !known.Exists(key => key.Equals(child.Path, StringComparison.OrdinalIgnoreCase) || key.StartsWith($"{child.Path}:", StringComparison.OrdinalIgnoreCase)))
                .Select(child => $"{child.Path} is unknown; known are {string.Join(", ", known.Select(key => key[(section.Name.Length + 1)..]))}").ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
