using System.Globalization;
using System.Text.Json.Nodes;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>What no collector of ours would send. History refuses it by name and goes on.</summary>
[Collection(nameof(RunningSystem))]
public sealed class HostileMessageTests(RunningSystem system) : IngestTest(system)
{
    const string Refused = "gpuplatform_history_refused_total";

    [Fact]
    public async Task Impossible_fields_are_refused_by_name_and_the_next_message_is_stored()
    {
        var node = new TestNode();
        (string Type, string Reason, Func<Task> Publish)[] cases =
        [
            Gpu("out-of-range:utilizationPercent", gpu => gpu["utilizationPercent"] = 1e9),
            Gpu("negative:memoryUsedBytes", gpu => gpu["memoryUsedBytes"] = -1),
            Gpu("negative:index", gpu => gpu["index"] = -1),
            Gpu("too-long:name", gpu => gpu["name"] = new string('n', 1 << 20)),
            Gpu("empty:uuid", gpu => gpu["uuid"] = ""),
            Gpu("missing:name", gpu => gpu["name"] = null),
            Gpu("not-positive:pid", gpu => gpu["processes"] = new JsonArray(RawPublisher.ToJson(node.Usage(0)))),
            Tick("too-old:sampledAt", tick => tick["sampledAt"] = "0001-01-01T00:00:00Z"),
            Tick("in-the-future:sampledAt", tick => tick["sampledAt"] = "9999-12-31T23:59:59.9999999Z"),
            Tick("empty:nodeId", tick => tick["nodeId"] = null),
            Tick("control-character:nodeId", tick => tick["nodeId"] = node.NodeId + "\0"),
            Tick("too-long:nodeId", tick => tick["nodeId"] = new string('x', 1 << 20)),
            Tick("missing:gpus", tick => tick["gpus"] = null),
            Tick("missing:gpus", tick => tick["gpus"] = new JsonArray((JsonNode?)null)),
            Tick("too-many:gpus", tick => tick["gpus"] = Gpus(node, 10_000)),
            Tick("twice:uuid", tick => tick["gpus"] = new JsonArray(RawPublisher.ToJson(node.Gpu), RawPublisher.ToJson(node.Gpu))),
            Case("host-sampled", "out-of-range:cpuPercent", node.Heartbeat(0), host => host["cpuPercent"] = -0.1),
            Case("host-sampled", "missing:collector", node.Heartbeat(0), host => host["collector"] = null),
            Process("not-positive:pid", process => process["pid"] = 0),
            Process("missing:commandLine", process => process["commandLine"] = new JsonArray((JsonNode?)null)),
            Process("too-long:name", process => process["name"] = new string('n', 1 << 20)),
            Process("too-old:startedAt", process => process["startedAt"] = "0001-01-01T00:00:00Z"),
            Process("in-the-future:observedAt", process => process["observedAt"] = "9999-12-31T00:00:00Z"),
            Verdict("out-of-range:confidence", verdict => verdict["confidence"] = 1.01),
            Verdict("empty:rule", verdict => verdict["rule"] = ""),
        ];
        var before = await Running.GetMetricsAsync("history");

        foreach (var hostile in cases)
        {
            await hostile.Publish();
        }

        await AssertStillWorkingAsync(node);
        var after = await Running.GetMetricsAsync("history");
        Assert.All(cases, hostile => Assert.True(Count(after, hostile) > Count(before, hostile), $"{hostile.Type} {hostile.Reason} was not counted"));

        (string, string, Func<Task>) Gpu(string reason, Action<JsonObject> bend) => Tick(reason, tick => bend((JsonObject)tick["gpus"]![0]!));
        (string, string, Func<Task>) Tick(string reason, Action<JsonObject> bend) => Case("gpu-sampled", reason, node.Tick(0), bend);
        (string, string, Func<Task>) Process(string reason, Action<JsonObject> bend) =>
            Case("process-observed", reason, node.Observed(1, ProcessChange.Started, 0), bend);
        (string, string, Func<Task>) Verdict(string reason, Action<JsonObject> bend) =>
            Case("process-classified", reason, node.Verdict(1, WorkloadKind.Video, 0), bend);
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_and_kept_as_evidence_and_the_next_message_is_stored()
    {
        var node = new TestNode();
        var tick = RawPublisher.ToJson(node.Tick(0)).ToJsonString();
        var urn = WireTopology.UrnFor<GpuSampled>();
        string[] unreadable =
        [
            "",
            "not JSON",
            "[]",
            "null",
            new string('[', 10_000),
            tick,
            RawPublisher.Envelope(urn, "null"),
            RawPublisher.Envelope(urn, "{}"),
            RawPublisher.Envelope(urn, tick.Replace("50", "NaN", StringComparison.Ordinal)),
            RawPublisher.Envelope(urn, tick.Replace("50", "\"NaN\"", StringComparison.Ordinal)),
            RawPublisher.Envelope(urn, tick.Replace("\"index\":0", "\"index\":3000000000", StringComparison.Ordinal)),
            RawPublisher.Envelope(urn, Without(node.Tick(0), "nodeId")),
            RawPublisher.Envelope(urn, Without(node.Tick(0), "sampledAt")),
            RawPublisher.Envelope(urn, Bent(node.Tick(0), "sampledAt", "yesterday")),
            RawPublisher.Envelope(urn, Bent(node.Tick(0), "sampledAt", "0001-01-01T00:00:00+14:00")),
        ];
        string[] ofAnotherType = [RawPublisher.Envelope("urn:message:Somewhere:Else", tick), """{"message":{}}"""];
        var before = await CountAsync();

        foreach (var body in unreadable.Concat(ofAnotherType))
        {
            await Publisher.PublishTextAsync<GpuSampled>(body);
        }

        await AssertStillWorkingAsync(node);
        var after = await CountAsync();
        Assert.Equal((unreadable.Length, ofAnotherType.Length), (after.Unreadable - before.Unreadable, after.Other - before.Other));
    }

    [Fact]
    public async Task A_word_of_a_newer_release_costs_its_field_and_not_the_message()
    {
        var node = new TestNode();

        await Publisher.PublishAsync(node.Tick(0, [node.Usage(1)]));
        await Publisher.PublishAsync<GpuProcessObserved>(JsonNode.Parse(Bent(node.Observed(1, ProcessChange.Started, 0), "change", "vanished"))!);
        await Publisher.PublishAsync<ProcessClassified>(JsonNode.Parse(Bent(node.Verdict(1, WorkloadKind.Video, 0), "kind", "knitting"))!);

        await Eventually.Holds("the process is known as general work", async () =>
            (await SnapshotAsync(node))?.Processes is [{ Kind: WorkloadKind.General, Rule: not null }]);
    }

    [Fact]
    public async Task Text_that_the_database_cannot_store_is_made_storable()
    {
        var node = new TestNode();

        await Publisher.PublishAsync(node.Tick(0, [node.Usage(1)]) with { Gpus = [node.Gpu with { Name = "a\0b" }] });
        await Publisher.PublishAsync<GpuProcessObserved>(JsonNode.Parse(Bent(node.Observed(1, ProcessChange.Started, 0), "name", "half\uD83D pair \0"))!);
        await Publisher.PublishAsync(node.Observed(2, ProcessChange.Started, 0, "whole \U0001F600") with
        {
            CommandLine = ["\0", "x"], Environment = new Dictionary<string, string> { ["WINEPREFIX"] = "\0 end" }, Scope = new() { Unit = "u\0" },
        });
        await AssertStillWorkingAsync(node);

        Assert.Equal(2, await CountAsync("gpu_process", node));
        var processes = (await SnapshotAsync(node))!.Processes;
        Assert.Equal(["whole \U0001F600"], processes.Where(process => process.Pid == 2).Select(process => process.Name));
    }

    async Task AssertStillWorkingAsync(TestNode node)
    {
        await Publisher.PublishAsync(node.Heartbeat(1));
        await Publisher.PublishAsync(node.Tick(1));
        await Publisher.FenceAsync();
        Assert.Equal((1, 1), (await CountAsync("host_sample", node), await RawPublisher.CountAsync(Database,
            $"select count(*) from gpu_sample where node_id = $1 and sampled_at = '{node.At(1):O}'", node.NodeId)));
        await AssertHealthyAsync();
        using var classifier = Running.App.CreateHttpClient("classifier");
        await Eventually.Holds("the classifier is healthy", async () =>
            (await classifier.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
    }

    async Task<(double Unreadable, double Other)> CountAsync() =>
        (await MetricAsync(Refused, "reason=\"unreadable\""), await MetricAsync(Refused, "reason=\"unknown-type\""));

    static double Count(string page, (string Type, string Reason, Func<Task> Publish) hostile) =>
        Prometheus.Read(string.Join('\n', page.Split('\n').Where(line => line.Contains($"type=\"{hostile.Type}\"", StringComparison.Ordinal))),
            Refused, $"reason=\"{hostile.Reason}\"") ?? 0;

    (string, string, Func<Task>) Case<T>(string type, string reason, T message, Action<JsonObject> bend)
    {
        var json = RawPublisher.ToJson(message);
        bend(json);
        return (type, reason, () => Publisher.PublishAsync<T>(json));
    }

    static string Bent<T>(T message, string field, string value)
    {
        var json = RawPublisher.ToJson(message);
        json[field] = value;
        return json.ToJsonString();
    }

    static string Without<T>(T message, string field)
    {
        var json = RawPublisher.ToJson(message);
        json.Remove(field);
        return json.ToJsonString();
    }

    static JsonArray Gpus(TestNode node, int count) => [.. Enumerable.Range(0, count)
        .Select(i => RawPublisher.ToJson(node.Gpu with { Uuid = i.ToString(CultureInfo.InvariantCulture), Index = i }))];
}
