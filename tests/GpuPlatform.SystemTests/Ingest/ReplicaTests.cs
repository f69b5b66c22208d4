using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuPlatform.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>Several classifiers on one queue.</summary>
[Collection(nameof(RunningSystem))]
public sealed partial class ReplicaTests(RunningSystem system, ITestOutputHelper output) : IngestTest(system)
{
    const int Processes = 200, Rounds = 10;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Two_classifiers_share_the_work_and_every_process_ends_with_the_verdict_on_its_newest_observation()
    {
        await using var second = await SecondReplicaAsync();
        var node = new TestNode();
        var heard = new ConcurrentQueue<ProcessClassified>();
        await using var listener = await ListenAsync(node, heard);
        var before = await VerdictsOfFirstAsync();
        var clock = Stopwatch.StartNew();

        for (var round = 0; round < Rounds; round++)
            for (var pid = 1; pid <= Processes; pid++)
                await Publisher.PublishAsync(Observation(node, pid, round));
        await Eventually.Holds("the newest observation of every process is answered", () =>
            heard.Where(verdict => verdict.ObservedAt == node.At(Rounds - 1)).DistinctBy(verdict => verdict.Pid).Count() == Processes);
        var elapsed = clock.Elapsed;
        var firsts = await VerdictsOfFirstAsync() - before;

        Assert.InRange(heard.Count, Processes, Processes * Rounds);
        Assert.InRange(firsts, 1, heard.Count - 1);
        output.WriteLine($"{heard.Count} verdicts on {Processes * Rounds} observations in {elapsed.TotalSeconds:0.0} s, {firsts} of the first replica, "
            + $"{Inversions(heard)} came after a newer one, {heard.Count(verdict => verdict.ChangedAt == verdict.ObservedAt)} changes");
    }

    [Fact]
    public async Task Verdicts_of_one_replica_are_known_to_the_other()
    {
        await using var second = await SecondReplicaAsync();
        var node = new TestNode();
        var heard = new ConcurrentQueue<ProcessClassified>();
        await using var listener = await ListenAsync(node, heard);

        // One after the other, so that which replica answers is the broker's choice each time. What is known of the program is gone in every second one
        for (var round = 0; round < Rounds; round++)
        {
            await Publisher.PublishAsync(Observation(node, pid: 1, round) with { Name = round % 2 == 0 ? "blender" : null, CommandLine = null, Scope = null, Environment = null });
            await Eventually.Holds("the observation is answered", () => heard.Any(verdict => verdict.ObservedAt == node.At(round)));
        }

        Assert.All(heard, verdict => Assert.Equal((WorkloadKind.Rendering, (DateTimeOffset?)null), (verdict.Kind, verdict.ChangedAt)));
    }

    static GpuProcessObserved Observation(TestNode node, int pid, int round) => node.Observed(pid, round == 0 ? ProcessChange.Started : ProcessChange.Changed, round, name: "blender");

    /// <summary>Verdicts that were heard after one on a newer observation of the same process: whoever reads them goes by <see cref="ProcessClassified.ObservedAt"/>.</summary>
    static int Inversions(IEnumerable<ProcessClassified> heard) =>
        heard.GroupBy(verdict => verdict.Pid).Sum(verdicts => verdicts.Zip(verdicts.Skip(1)).Count(pair => pair.Second.ObservedAt < pair.First.ObservedAt));

    async Task<double> VerdictsOfFirstAsync() => Prometheus.Read(await Running.GetMetricsAsync("classifier"), "gpuplatform_classifier_verdicts_total") ?? 0;

    async Task<ChildProcess> SecondReplicaAsync()
    {
        var replica = new ChildProcess(
            ["dotnet", "run", "--project", new Projects.GpuPlatform_Classifier().ProjectPath, "--no-build", "--no-launch-profile"],
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__messaging"] = await Running.App.GetConnectionStringAsync("messaging"),
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
            });
        await Eventually.Holds("the second classifier listens", () => replica.Lines.Any(line => Listening().IsMatch(line)));
        return replica;
    }

    async Task<IAsyncDisposable> ListenAsync(TestNode node, ConcurrentQueue<ProcessClassified> heard)
    {
        var factory = new ConnectionFactory { Uri = new Uri((await Running.App.GetConnectionStringAsync("messaging"))!), AutomaticRecoveryEnabled = false };
        var connection = await factory.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, WireTopology.ExchangeFor<ProcessClassified>(), "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var verdict = JsonElement.Parse(message.Body.Span).GetProperty("message").Deserialize<ProcessClassified>(Json)!;
            if (verdict.NodeId == node.NodeId) heard.Enqueue(verdict);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return connection;
    }

    [GeneratedRegex("Listening on .*classifier")]
    private static partial Regex Listening();
}
