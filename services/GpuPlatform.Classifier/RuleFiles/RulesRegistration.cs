using GpuPlatform.ServiceDefaults.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Registers the rules: built in, and the user's.</summary>
internal static class RulesRegistration
{
    public static void AddRules(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RulesOptions>().BindConfiguration(RulesOptions.Section)
            .RefuseUnknownKeys(new SettingsSection<RulesOptions>(RulesOptions.Section)
                .Key(o => o.RulesPath, "Folder of the user's rule files")
                .Key(o => o.BaseAddress, "Address of the classifier, for the dashboard"))
            .Validate(options => !File.Exists(options.Folder), $"{RulesOptions.Section}:{nameof(RulesOptions.RulesPath)} is a file; accepted is a folder, which need not exist")
            .ValidateOnStart();

        var builtIn = BuiltInRules.Read();
        services.AddSingleton(new UserRules(builtIn));
        services.AddSingleton(new ActiveRules(RuleBook.Of(BuiltInRules.SetOf(builtIn))));
        services.AddSingleton(provider => new UserRuleFolder(provider.GetRequiredService<IOptions<RulesOptions>>().Value.Folder));
        services.AddSingleton<RuleReload>();
        services.AddSingleton<UserRuleFile>();
        services.AddSingleton<RuleMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<RuleWatch>();
        services.AddHealthChecks().AddCheck<RulesHealthCheck>("rules");
    }
}
