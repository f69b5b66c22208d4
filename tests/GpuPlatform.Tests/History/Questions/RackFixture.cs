using System.Collections.Concurrent;
using GpuPlatform.Contracts;
using GpuPlatform.History;
using GpuPlatform.History.Bus;
using GpuPlatform.History.Live;
using GpuPlatform.History.Questions;
using GpuPlatform.Tests.Doubles;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;

namespace GpuPlatform.Tests.History.Questions;

/// <summary>Hosts whose collectors a test plays, behind a bus that reaches them at once.</summary>
internal sealed class RackFixture : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<HistoryMetrics>().BuildServiceProvider();

    public RackFixture(params string[] nodes)
    {
        var options = Options.Create(new HistoryOptions());
        Live = new LiveState(new LiveHub(_services.GetRequiredService<HistoryMetrics>(), options), Time, options, NullLogger<LiveState>.Instance);
        foreach (var node in nodes) Live.Apply(Samples.Tick(Samples.Now) with { NodeId = node });
        Bus.Publish(Arg.Any<NodeAsked>(), Arg.Any<CancellationToken>()).Returns(call => PublishAsync(call.Arg<NodeAsked>()));
        Broker = new BrokerWatch(NullLogger<BrokerWatch>.Instance);
        var ready = Substitute.For<ReceiveEndpointReady>();
        ready.IsStarted.Returns(true);
        ready.InputAddress.Returns(new Uri("rabbitmq://localhost/history"));
        _ = Broker.Ready(ready);
        Questions = new NodeQuestions(Bus, Broker, Pending, Time);
        Room = new RackRoom(Questions, Live);
    }

    public ManualTimeProvider Time { get; } = new(Samples.Now);

    public IBus Bus { get; } = Substitute.For<IBus>();

    public BrokerWatch Broker { get; }

    public LiveState Live { get; }

    public PendingQuestions Pending { get; } = new();

    public NodeQuestions Questions { get; }

    public RackRoom Room { get; }

    public ConcurrentQueue<NodeAsked> Asked { get; } = new();

    /// <summary>What the collector of a host says to a question; null: nothing.</summary>
    public Func<string, NodeAsked, NodeAnswered?> Collector { get; set; } = (_, _) => null;

    /// <summary>Why the bus does not take a message.</summary>
    public Exception? Failure { get; set; }

    public static NodeAnswered Answer(string node, NodeAsked question) => new() { RequestId = question.RequestId, NodeId = node, AnsweredAt = Samples.Now };

    public void Lose()
    {
        var faulted = Substitute.For<ReceiveEndpointFaulted>();
        faulted.InputAddress.Returns(new Uri("rabbitmq://localhost/history"));
        _ = Broker.Faulted(faulted);
    }

    public void Dispose() => _services.Dispose();

    private Task PublishAsync(NodeAsked question)
    {
        if (Failure is not null) return Task.FromException(Failure);
        Asked.Enqueue(question);
        foreach (var node in Live.NodeIds.Where(id => question.NodeId is null || question.NodeId == id))
            if (Collector(node, question) is { } answer) Pending.Take(answer);
        return Task.CompletedTask;
    }
}
