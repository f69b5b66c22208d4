using System.Net;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Guard;

/// <summary>A model serves, a game starts, the GPU is handed over and taken back: with everything up, and with one thing after the other missing.</summary>
[Collection(nameof(RunningSystem))]
public sealed class HandOverTests(RunningSystem system)
{
    [Fact]
    public async Task A_game_gets_the_gpu_and_the_models_come_back_when_it_ends()
    {
        await using var node = await GuardedNode.StartAsync(system);
        await using var talk = await node.TalkAsync();
        await Eventually.Holds("the runner is on the GPU", async () => await node.Api.GetStringAsync(new Uri($"{Routes.GpuProcesses}?fresh=true", UriKind.Relative)) is { } list
            && list.Contains($"\"pid\":{node.Ollama.Models.RunnerOf(GuardedNode.Model)}", StringComparison.Ordinal));

        await using var game = await MarkedGame.StartAsync();
        var yielded = await node.IsAsync(GuardState.Yielded);
        Assert.Equal(game.Id, yielded.Process!.Pid);
        Assert.Null(node.Ollama.Models.RunnerOf(GuardedNode.Model));
        await Assert.ThrowsAnyAsync<IOException>(() => talk.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));

        var waiting = node.AskAsync();
        await Eventually.Holds("the question waits", async () => (await node.GuardAsync()).HeldCount == 1);
        Assert.False(waiting.IsCompleted);
        await game.DisposeAsync();
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await node.IsAsync(GuardState.Serving);

        var story = await Eventually.Get("History knows the story", async () => await node.StoryAsync() is { Count: >= 4 } steps && steps[^1].To == GuardState.Serving ? steps : null);
        Assert.Equal([GuardState.Draining, GuardState.Evicting, GuardState.Yielded], story.Select(step => step.To).Take(3));
        Assert.Single(story.Select(step => step.HandOverId).Distinct());
        Assert.Equal(game.Id, story[0].Process!.Pid);
        Assert.Equal(1, story[2].CancelledCount);
        Assert.Contains(GuardedNode.Model, story[2].Models);
        Assert.True(story[2].MemoryUsedBytes < story[2].MemoryUsedBeforeBytes);
        TestContext.Current.SendDiagnosticMessage(
            $"from the game's start to the closed gate {(story[0].ChangedAt - game.StartedAt).TotalMilliseconds:0} ms, to free memory {(story[2].ChangedAt - game.StartedAt).TotalMilliseconds:0} ms");
        var session = await Eventually.Get("History knows the game", async () => (await node.SessionsAsync()).Find(session => session.Pid == game.Id && session.Kind is not null));
        Assert.Equal(WorkloadKind.Gaming, session.Kind);
        await OneTraceHoldsItAsync();
    }

    [Fact]
    public async Task Without_the_classifier_whoever_is_foreign_gets_the_gpu()
    {
        await StopAsync("classifier");
        try
        {
            await using var node = await GuardedNode.StartAsync(system);
            (await node.AskAsync()).Dispose();
            await using var game = await MarkedGame.StartAsync();

            var yielded = await node.IsAsync(GuardState.Yielded);

            Assert.Equal((game.Id, null), (yielded.Process!.Pid, yielded.Process.Kind));
            await game.DisposeAsync();
            await node.IsAsync(GuardState.Serving);
        }
        finally
        {
            await StartAsync("classifier");
        }
    }

    [Fact]
    public async Task Without_the_broker_too_and_the_story_is_told_afterwards()
    {
        await using var node = await GuardedNode.StartAsync(system);
        (await node.AskAsync()).Dispose();
        Processes.Signal("KILL", Processes.ListeningOn(new Uri((await system.App.GetConnectionStringAsync("messaging"))!).Port)!.Value);
        await system.App.ResourceNotifications.WaitForResourceAsync("messaging", KnownResourceStates.Exited);
        try
        {
            await using var game = await MarkedGame.StartAsync();
            await node.IsAsync(GuardState.Yielded);
            await game.DisposeAsync();
            await node.IsAsync(GuardState.Serving);
        }
        finally
        {
            await StartAsync("messaging");
        }

        await Eventually.Holds("the story is told", async () => await node.StoryAsync() is { Count: >= 4 } steps && steps[^1].To == GuardState.Serving);
    }

    [Fact]
    public async Task A_collector_killed_while_the_gpu_was_yielded_comes_back_so_and_takes_it_back_later()
    {
        await using var node = await GuardedNode.StartAsync(system);
        (await node.AskAsync()).Dispose();
        await using var game = await MarkedGame.StartAsync();
        await node.IsAsync(GuardState.Yielded);

        await node.KillCollectorAsync();
        await node.StartCollectorAsync();
        var waiting = node.AskAsync();
        await Eventually.Holds("the question waits", async () => (await node.GuardAsync()).HeldCount == 1);
        Assert.NotEqual(GuardState.Serving, (await node.GpuAsync()).State);
        Assert.Empty(node.Ollama.Models.Residents());

        await node.KillCollectorAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => waiting);
        await game.DisposeAsync();
        await node.StartCollectorAsync();
        await node.IsAsync(GuardState.Serving);
        using var answer = await node.AskAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_number_used_again_is_another_process()
    {
        Assert.SkipUnless(MarkedGame.MayChooseId(), "only root may say which number a process gets");
        await using var node = await GuardedNode.StartAsync(system);
        (await node.AskAsync()).Dispose();
        await using var game = await MarkedGame.StartAsync();
        await node.IsAsync(GuardState.Yielded);
        await node.KillCollectorAsync();
        await game.DisposeAsync();
        await Eventually.Holds("its number is free", () => !game.Exists);

        await using (await MarkedGame.StartAsync("0:300:graphics:2", "/usr/bin/mousepad", game.Id))
        {
            await node.StartCollectorAsync();
            await node.IsAsync(GuardState.Serving);
            using var answer = await node.AskAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        await Eventually.Holds("its number is free again", () => !game.Exists);
        await using var again = await MarkedGame.StartAsync(id: game.Id);

        var yielded = await node.IsAsync(GuardState.Yielded);
        Assert.Equal((game.Id, WorkloadKind.Gaming), (yielded.Process!.Pid, yielded.Process.Kind));
        await again.DisposeAsync();
        await node.IsAsync(GuardState.Serving);
    }

    [Fact]
    public async Task An_ollama_that_hangs_in_stopping_is_told_of_and_nothing_hangs_with_it()
    {
        await using var node = await GuardedNode.StartAsync(system, ("Guard__StepTimeout", "00:00:01"));
        (await node.AskAsync()).Dispose();
        node.Ollama.Models.HangsInStopping = true;
        await using var game = await MarkedGame.StartAsync();

        await node.IsAsync(GuardState.Yielded);
        var story = await Eventually.Get("the story", async () => await node.StoryAsync() is { Count: >= 3 } steps && steps.Exists(step => step.To == GuardState.Yielded) ? steps : null);
        Assert.Equal(GuardCause.Timeout, story.Find(step => step.To == GuardState.Yielded)!.Cause);
        Assert.NotNull(node.Ollama.Models.RunnerOf(GuardedNode.Model));

        await game.DisposeAsync();
        await node.IsAsync(GuardState.Serving);
        using var answer = await node.AskAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_runner_that_hangs_may_be_killed_where_that_is_allowed()
    {
        await using var node = await GuardedNode.StartAsync(
            system, ("Guard__StepTimeout", "00:00:01"), ("Guard__AllowTerminate", "true"), ("Guard__AllowKill", "true"));
        (await node.AskAsync()).Dispose();
        node.Ollama.Models.HangsInStopping = true;
        await using var game = await MarkedGame.StartAsync();

        await node.IsAsync(GuardState.Yielded);

        await Eventually.Holds("the runner is gone", () => node.Ollama.Models.RunnerOf(GuardedNode.Model) is null);
        Assert.Equal(1, node.Ollama.Models.CrashCount);
    }

    [Fact]
    public async Task A_game_that_is_started_again_and_again_does_not_make_the_models_come_and_go()
    {
        await using var node = await GuardedNode.StartAsync(system, ("Guard__EndDebounce", "00:00:20"));
        (await node.AskAsync()).Dispose();
        var last = 0;
        for (var round = 0; round < 3; round++)
        {
            await using var game = await MarkedGame.StartAsync();
            last = game.Id;
            await Eventually.Holds("the guard knows this game", async () => await node.GpuAsync() is { State: not GuardState.Serving, Process.Pid: var pid } && pid == game.Id);
        }

        await node.IsAsync(GuardState.Serving);
        var story = await Eventually.Get("the story", async () => await node.StoryAsync() is { Count: >= 4 } steps && steps[^1].To == GuardState.Serving ? steps : null);
        Assert.Single(story.Select(step => step.HandOverId).Distinct());
        Assert.Single(story, step => step.To == GuardState.Yielded && step.From != GuardState.Yielded);
        Assert.Equal(last, story.FindLast(step => step.To == GuardState.Yielded)!.Process!.Pid);
    }

    // From the classifier's verdict to History's insert; those of hand-overs without a classifier have no verdict
    Task OneTraceHoldsItAsync() => Eventually.Holds("one trace holds the hand-over", () =>
        system.Otlp.Spans.ToLookup(span => span.TraceId).Any(trace => trace.Any(span => span.Service == "classifier") && trace.Any(span => span.Service == "history")
            && new[] { "hand over gpu", "gpu evicting", "gpu yielded" }.All(name => trace.Any(span => span.Name == name))));

    async Task StopAsync(string resource) => await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand);

    async Task StartAsync(string resource)
    {
        await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand);
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken);
    }
}
