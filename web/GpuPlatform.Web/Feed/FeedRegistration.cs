using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Web.Feed;

internal static class FeedRegistration
{
    /// <summary>Adds <see cref="LiveStore"/> and the one reader that fills it.</summary>
    public static IServiceCollection AddHistoryFeed(this IServiceCollection services)
    {
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HistoryOptions>, HistoryOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveStore>();
        services.AddHttpClient<HistoryClient>((provider, http) =>
        {
            http.BaseAddress = new Uri(provider.GetRequiredService<IOptions<HistoryOptions>>().Value.BaseAddress);
            http.MaxResponseContentBufferSize = HistoryClient.MaxAnswerBytes;
        });
        services.AddSingleton<Func<HistoryClient>>(provider => provider.GetRequiredService<HistoryClient>);
        services.AddHttpClient<RackClient>((provider, http) =>
        {
            http.BaseAddress = new Uri(provider.GetRequiredService<IOptions<HistoryOptions>>().Value.BaseAddress);
            http.MaxResponseContentBufferSize = RackClient.MaxAnswerBytes;
        });
        services.AddSingleton<Func<RackClient>>(provider => provider.GetRequiredService<RackClient>);
        services.AddOptions<ClassifierOptions>().BindConfiguration(ClassifierOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClassifierOptions>, ClassifierOptionsValidator>();
        services.AddHttpClient<ClassifierClient>((provider, http) =>
        {
            http.BaseAddress = new Uri(provider.GetRequiredService<IOptions<ClassifierOptions>>().Value.BaseAddress);
            http.MaxResponseContentBufferSize = ClassifierClient.MaxAnswerBytes;
        });
        services.AddSingleton<Func<ClassifierClient>>(provider => provider.GetRequiredService<ClassifierClient>);
        services.AddHostedService<HistoryFeed>();
        return services;
    }
}
