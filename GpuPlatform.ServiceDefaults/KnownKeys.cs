using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>A setting that nobody reads is a mistake of the one who wrote it: it stops the start, by its key.</summary>
public static class KnownKeys
{
    /// <summary>Refuses keys of the section that are not among the options' own, and names those that are.</summary>
    public static OptionsBuilder<TOptions> RefuseUnknownKeys<TOptions>(
        this OptionsBuilder<TOptions> builder, string section, params string[] keys) where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(
            services => new Check<TOptions>(services.GetRequiredService<IConfiguration>().GetSection(section), keys));
        return builder;
    }

    private sealed class Check<TOptions>(IConfiguration section, string[] keys) : IValidateOptions<TOptions> where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var problems = section.GetChildren().Where(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                .Select(child => $"{child.Path} is unknown; known are {string.Join(", ", keys)}").ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
