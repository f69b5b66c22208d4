namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Looks for changed rule files every two seconds.</summary>
internal sealed class RuleWatch(RuleReload reload, ActiveRules active, RuleMetrics metrics, TimeProvider time) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Observe(active);
        // Before the first verdict, not after it
        reload.Refresh();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            reload.Refresh();
    }
}
