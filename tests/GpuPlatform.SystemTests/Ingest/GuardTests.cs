using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>Hand-overs on their way from the broker through the database to the API and the live state.</summary>
[Collection(nameof(RunningSystem))]
public sealed class GuardTests(RunningSystem system) : IngestTest(system)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_story_comes_back_as_it_was_sent_and_once_however_often_and_in_whatever_order_it_came()
    {
        var node = new TestNode();
        var story = Story(node, Guid.NewGuid());
        await Publisher.PublishAsync(node.Tick(0));
        foreach (var step in story.Reverse().Concat(story))
        {
            await Publisher.PublishAsync(step);
        }

        await Publisher.PublishAsync(Story(node, Guid.NewGuid())[0] with { ChangedAt = node.At(-20) });
        await Publisher.FenceAsync();
        var page = await GetAsync<GuardEventPage>($"{Routes.GuardEvents}?node={node.NodeId}&gpu={node.GpuUuid}&hand_over={story[0].HandOverId}");

        Assert.Equal(story.Reverse().Select(Text), page.Events.Select(Text));
        Assert.Equal(story.Length + 1, await CountAsync("guard_event", node));
        Assert.Equal(Text(story[^1]), Text(Assert.Single((await SnapshotAsync(node))!.Guard)));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{Routes.GuardEvents}?handover=1"));
    }

    [Fact]
    public async Task Pages_follow_each_other_while_steps_arrive()
    {
        var node = new TestNode();
        // Two GPUs change at the same instant: the key decides then
        var steps = Enumerable.Range(0, 7).Select(i => Story(node, Guid.NewGuid())[0] with
        {
            GpuUuid = $"{node.GpuUuid}-{i % 2}", ChangedAt = node.At(i / 2),
        }).ToList();
        foreach (var step in steps)
        {
            await Publisher.PublishAsync(step);
        }

        await Publisher.FenceAsync();
        var seen = new List<(DateTimeOffset, string)>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<GuardEventPage>($"{Routes.GuardEvents}?node={node.NodeId}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Events.Select(step => (step.ChangedAt, step.GpuUuid)));
            cursor = page.NextCursor;
            await Publisher.PublishAsync(steps[0] with { ChangedAt = node.At(30 + seen.Count) });
            await Publisher.FenceAsync();
        }
        while (cursor is not null && seen.Count < 50);

        Assert.Equal(steps.Select(step => (step.ChangedAt, step.GpuUuid)).OrderDescending(), seen);
    }

    [Fact]
    public async Task What_no_collector_would_send_is_refused_by_name_and_the_next_step_is_stored()
    {
        var node = new TestNode();
        var step = Story(node, Guid.NewGuid())[0];
        var (negative, newer) = (RawPublisher.ToJson(step), RawPublisher.ToJson(step));
        negative["heldCount"] = -1;
        (newer["cause"], newer["reason"]) = ("full-moon", "a\0b");
        var before = await RefusedAsync();

        await Publisher.PublishAsync<GuardChanged>(negative);
        await Publisher.PublishAsync<GuardChanged>(JsonNode.Parse("[]")!);
        await Publisher.PublishAsync<GuardChanged>(newer);
        await Publisher.FenceAsync();

        var stored = Assert.Single((await GetAsync<GuardEventPage>($"{Routes.GuardEvents}?node={node.NodeId}")).Events);
        Assert.Equal((GuardCause.Unknown, "a\uFFFDb"), (stored.Cause, stored.Reason));
        await Eventually.Holds("it was counted", async () => await RefusedAsync() == before + 1);
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task After_a_restart_a_gpu_is_still_where_it_was()
    {
        var node = new TestNode();
        var step = Story(node, Guid.NewGuid())[1];
        await Publisher.PublishAsync(node.Tick(0));
        await Publisher.PublishAsync(step);
        await Publisher.FenceAsync();
        Processes.Signal("KILL", Processes.ListeningOn(Running.App.GetEndpoint("history", "http").Port)!.Value);
        await Running.App.ResourceNotifications.WaitForResourceAsync("history", KnownResourceStates.Exited);
        await Running.App.ResourceCommands.ExecuteCommandAsync("history", KnownResourceCommands.StartCommand);
        await Running.App.ResourceNotifications.WaitForResourceHealthyAsync("history");

        var shown = await Eventually.Get("it is shown", async () => (await SnapshotAsync(node))?.Guard is [var only] ? only : null);
        Assert.Equal(Text(step), Text(shown));
    }

    static GuardChanged[] Story(TestNode node, Guid id)
    {
        var step = new GuardChanged
        {
            NodeId = node.NodeId, GpuUuid = node.GpuUuid, ChangedAt = node.At(1), HandOverId = id, From = GuardState.Serving, To = GuardState.Draining,
            Cause = GuardCause.Process, Reason = "witcher3.exe plays", InStateMs = 60_000.5, MemoryUsedBytes = 20L << 30, MemoryUsedBeforeBytes = 20L << 30,
            Process = new GuardProcess { Pid = 7, StartedAt = node.Started, Name = "witcher3.exe", Kind = WorkloadKind.Gaming, MemoryUsedBytes = 1L << 30 },
            Models = ["qwen3:14b"], CancelledCount = 1, HeldCount = 2,
        };
        return
        [
            step, step with { ChangedAt = node.At(2), From = GuardState.Draining, To = GuardState.Evicting, Cause = GuardCause.Timeout, Throttle = ThrottleLevel.Limited },
            step with { ChangedAt = node.At(3), From = GuardState.Evicting, To = GuardState.Yielded, Cause = GuardCause.Done, Process = null, Models = [] },
        ];
    }

    static string Text(GuardChanged step) => JsonSerializer.Serialize(step, Json);

    Task<double> RefusedAsync() => MetricAsync("gpuplatform_history_refused_total", "reason=\"negative:heldCount\"");

    async Task<T> GetAsync<T>(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<T>(path, Json))!;
    }

    async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
