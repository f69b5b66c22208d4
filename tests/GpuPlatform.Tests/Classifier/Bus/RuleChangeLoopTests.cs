using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GpuPlatform.Classifier.Bus;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace GpuPlatform.Tests.Classifier.Bus;

public sealed class RuleChangeLoopTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTimeProvider _clock = new();
    private readonly IBus _bus = Substitute.For<IBus>();
    private readonly ConcurrentQueue<ProcessClassified> _sent = new();
    private readonly VerdictHistory _history = new(capacity: 100);
    private readonly ActiveRules _active = new(RuleBook.Of(RulesOf("- { name: a/foo, kind: general, says: foo, when: { name: foo } }")));
    private readonly ProcessJudge _judge;
    private readonly RuleChangeLoop _loop;
    private int _attemptCount;
    private volatile bool _isBrokerAway;

    public RuleChangeLoopTests()
    {
        _judge = new ProcessJudge(_active, _history, _clock);
        _bus.Publish(Arg.Any<ProcessClassified>(), Arg.Any<IPipe<PublishContext<ProcessClassified>>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            Interlocked.Increment(ref _attemptCount);
            if (_isBrokerAway) throw new InvalidOperationException("the broker is away");
            _sent.Enqueue(call.Arg<ProcessClassified>());
            return Task.CompletedTask;
        });
        _loop = new RuleChangeLoop(
            _active, _judge, _history, new ClassifierMetrics(_services.GetRequiredService<IMeterFactory>()), _bus, _clock, NullLogger<RuleChangeLoop>.Instance);
    }

    public async ValueTask InitializeAsync()
    {
        await _loop.StartAsync(CancellationToken.None);
        await Until.True(() => _clock.PendingTimerCount > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        _loop.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Processes_that_the_new_rules_take_for_something_else_are_told_of_and_no_others()
    {
        Observe(1, "foo");
        Observe(2, "bar");

        Say("- { name: user/foo, kind: gaming, says: yours, when: { name: foo } }");
        await PassUntilAsync(() => !_sent.IsEmpty);
        await PassUntilAsync(() => _clock.GetUtcNow() > new DateTimeOffset(2026, 1, 15, 12, 0, 20, TimeSpan.Zero));

        var verdict = Assert.Single(_sent);
        Assert.Equal((1, WorkloadKind.Gaming, WorkloadKind.General, "user/foo"), (verdict.Pid, verdict.Kind, verdict.PreviousKind, verdict.Rule));
        Assert.True(verdict.ObservedAt > Started.AddSeconds(1), "newer than the verdict before it, or nobody would take it");
    }

    [Fact]
    public async Task What_could_not_be_sent_is_sent_when_the_broker_is_back()
    {
        Observe(1, "foo");
        _isBrokerAway = true;

        Say("- { name: user/foo, kind: gaming, says: yours, when: { name: foo } }");
        await PassUntilAsync(() => _attemptCount >= 3);
        Assert.Empty(_sent);

        _isBrokerAway = false;
        await PassUntilAsync(() => !_sent.IsEmpty);
        Assert.Equal(WorkloadKind.Gaming, Assert.Single(_sent).Kind);
    }

    private static DateTimeOffset Started { get; } = new(2026, 1, 15, 11, 0, 0, TimeSpan.Zero);

    private void Observe(int pid, string name) => _judge.Judge(new GpuProcessObserved
    {
        NodeId = "node", GpuUuid = "GPU-a", Pid = pid, StartedAt = Started, ObservedAt = Started.AddSeconds(1), Change = ProcessChange.Started, Name = name,
    });

    private void Say(string yaml)
    {
        var rules = RulesOf(yaml);
        _active.Replace(new RuleBook(rules, rules.Rules.ToDictionary(rule => rule.Name, _ => "a.yaml"), []));
    }

    private static RuleSet RulesOf(string yaml) => new(RuleFileReader.Read("a.yaml", yaml).Rules);

    private Task PassUntilAsync(Func<bool> condition) => Until.True(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
