using MassTransit;

namespace GpuPlatform.History.Bus;

/// <summary>Counts what never reached a consumer: the bus library keeps it in <c>history_error</c> or <c>history_skipped</c>.</summary>
internal sealed class UnreadableMessages(HistoryMetrics metrics) : IReceiveObserver
{
    private const string Type = "unknown";

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        if (context is { IsDelivered: false, IsFaulted: false })
            metrics.CountRefused(Type, "unknown-type");
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class =>
        Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        // A consumer that was called off gives its message back: it comes again.
        if (exception is not OperationCanceledException)
            metrics.CountRefused(Type, "unreadable");
        return Task.CompletedTask;
    }
}
