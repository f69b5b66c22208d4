using GpuPlatform.Collector.Questions;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard.Verdicts;

internal static class VerdictRegistration
{
    // A burst after an outage, of all hosts together
    private const int MostVerdicts = 10_000;
    private const int MostQuestions = 100;

    /// <summary>Adds what the classifier says of this host's processes, and the feed by which it comes, as do questions.</summary>
    public static void AddVerdicts(this IHostApplicationBuilder builder)
    {
        var broker = UplinkRegistration.Broker(builder.Configuration);
        var connector = broker is null ? null : new RabbitFeed(
            broker,
            [new(WireTopology.ExchangeFor<ProcessClassified>(), MostVerdicts), new(WireTopology.ExchangeFor<NodeAsked>(), MostQuestions, NodeAsked.Patience)],
            WireTopology.ExchangeFor<NodeAnswered>(), $"{builder.Environment.ApplicationName} {Environment.MachineName} verdicts");
        var services = builder.Services;
        services.AddSingleton(provider => new VerdictStore(provider.GetRequiredService<LatestSample>().Processes));
        services.AddSingleton<IVerdicts>(provider => provider.GetRequiredService<VerdictStore>());
        services.AddSingleton<VerdictMetrics>();
        services.AddSingleton(provider => new VerdictFeed(
            SamplingRegistration.NodeId(provider), connector, () => provider.GetRequiredService<BrokerUplink>().State == UplinkState.Connected, provider.GetRequiredService<VerdictStore>(), provider.GetRequiredService<LatestSample>().Processes,
            provider.GetRequiredService<IPublisher>(), provider.GetRequiredService<VerdictMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VerdictFeed>>(), provider.GetService<QuestionDesk>()));
        services.AddHostedService(provider => provider.GetRequiredService<VerdictFeed>());
        services.AddHealthChecks().AddCheck<VerdictHealthCheck>("verdicts");
    }
}
