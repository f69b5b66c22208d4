using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class HostGuardTests
{
    private static readonly GpuProcessObserved Game = Process(7, "game");
    private static readonly GpuProcessObserved Runner = Process(50, "ollama", GpuContext.Compute, 9 * GiB) with { CommandLine = ["/usr/bin/ollama", "runner", "--port", "4"] };

    [Fact]
    public async Task A_game_takes_the_gpu_and_the_models_have_it_back_afterwards()
    {
        using var host = Serving("llama3");
        host.Starts(Game, WorkloadKind.Gaming);
        Assert.True(host.Gate.IsOpen());
        host.Pass(0.2);
        Assert.False(host.Gate.IsOpen());
        Assert.Contains("game is gaming", host.Gate.Settings[ModelServer.Ollama].Reason, StringComparison.Ordinal);
        await host.UntilAsync(GuardState.Yielded);
        Assert.True(host.Pace.GameMode);
        host.Ends(Game);
        Assert.False(host.Pace.GameMode);
        host.Pass(14);
        Assert.False(host.Gate.IsOpen());
        host.Pass(1);
        Assert.True(host.Gate.IsOpen());
        await host.UntilAsync(GuardState.Serving);

        Assert.Equal([GuardState.Draining, GuardState.Evicting, GuardState.Yielded, GuardState.Warming, GuardState.Serving], host.States);
        Assert.Equal(["unload llama3", "warm llama3"], host.Eviction.Calls);
        var changes = host.Publisher.Changes;
        Assert.Single(changes.Select(change => change.HandOverId).Distinct());
        Assert.Equal(changes.Select(change => change.ChangedAt).Distinct().Order(), changes.Select(change => change.ChangedAt));
        Assert.All(changes.Skip(2).Take(2), change => Assert.Equal(["llama3"], change.Models));
        Assert.Equal((7, WorkloadKind.Gaming, 4 * GiB), (changes[0].Process?.Pid, changes[0].Process?.Kind, changes[0].MemoryUsedBeforeBytes));
        Assert.Equal(1, host.Metrics.EvictionCount);
    }

    [Fact]
    public async Task The_driver_has_the_last_word_on_whether_a_model_is_gone()
    {
        using var host = Serving("llama3");
        host.Eviction.Unloaded = null;
        host.Starts(Runner);
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(0.2);
        await Until.True(() => host.Eviction.Resident.Count == 0);
        var looks = host.LookCount;
        host.Pass(1);
        Assert.Equal(GuardState.Evicting, host.State);
        Assert.True(host.LookCount > looks);
        host.Ends(Runner);
        await host.UntilAsync(GuardState.Yielded);
    }

    [Fact]
    public async Task An_ollama_that_hangs_in_stopping_ends_in_yielded_and_it_is_said()
    {
        using var host = Serving("llama3");
        host.Eviction.Hangs = true;
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(0.2);
        await Until.True(() => host.Eviction.Calls.Count == 1);
        host.Pass(30);
        Assert.Equal((GuardState.Yielded, false), (host.State, host.Gate.IsOpen()));
        Assert.Contains("ollama has llama3", Assert.Single(host.Guard.Report().Problems), StringComparison.Ordinal);
        Assert.Empty(host.Signals.Sent);
        Assert.Equal(0, host.Metrics.EvictionCount);
    }

    [Fact]
    public async Task A_runner_that_does_not_leave_is_ended_where_that_is_allowed()
    {
        using var host = Serving("llama3", new GuardOptions { AllowTerminate = true, AllowKill = true });
        host.Eviction.Hangs = true;
        host.Starts(Runner);
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(0.2);
        await Until.True(() => host.Eviction.Calls.Count == 1);
        host.Pass(30);
        Assert.Equal([(50, RunnerSignal.Terminate), (50, RunnerSignal.Kill)], host.Signals.Sent);
        Assert.Equal(GuardState.Yielded, host.State);
    }

    [Fact]
    public void The_models_own_processes_take_no_gpu_from_them_even_unnamed()
    {
        using var host = Serving("llama3");
        host.Starts(Runner);
        host.Starts(Process(51, "llama-server", GpuContext.Compute) with { ExecutablePath = "/usr/lib/ollama/llama-server", CommandLine = ["/usr/lib/ollama/llama-server", "--port", "5", "--offline"] });
        host.Pass(10);
        Assert.Equal(GuardState.Serving, host.State);
    }

    [Fact]
    public async Task Without_a_classifier_a_stranger_takes_it_after_two_seconds()
    {
        using var host = Serving("llama3");
        host.Starts(Process(9, "gnome-shell"));
        host.Starts(Process(8, "mystery"));
        host.Pass(1.5);
        Assert.Equal(GuardState.Serving, host.State);
        host.Pass(0.5);
        await host.UntilAsync(GuardState.Yielded);
        Assert.Equal(8, host.Publisher.Changes[0].Process?.Pid);
    }

    [Fact]
    public async Task Streams_are_waited_for_and_then_cancelled()
    {
        using var host = Serving("llama3");
        host.Gate.Running[ModelServer.Ollama] = 2;
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(4.5);
        Assert.Equal((GuardState.Draining, true), (host.State, host.Guard.IsDraining));
        Assert.Empty(host.Gate.Cancelled);
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        Assert.Contains("game", Assert.Single(host.Gate.Cancelled), StringComparison.Ordinal);
        Assert.Equal(2, host.Publisher.Changes[^1].CancelledCount);
    }

    [Fact]
    public async Task Models_come_back_that_would_still_be_there_and_none_that_would_not()
    {
        using var host = Serving("stays");
        var now = host.Clock.GetUtcNow();
        host.Eviction.Resident.Add("expires");
        host.Llm.Current = [new LlmServer { Name = ModelServer.Ollama, Upstream = "", Reachable = true, Resident = [new ResidentModel { Name = "stays" }, new ResidentModel { Name = "expires", ExpiresAt = now.AddMinutes(5) }] }];
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        host.Pass(400);
        host.Ends(Game);
        host.Pass(15);
        await host.UntilAsync(GuardState.Serving);
        Assert.Equal(["unload stays+expires", "warm stays"], host.Eviction.Calls);
    }

    [Fact]
    public async Task Requests_that_waited_bring_their_models_themselves()
    {
        using var host = Serving("llama3");
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        host.Gate.Held[ModelServer.Ollama] = 3;
        host.Ends(Game);
        host.Pass(15);
        await host.UntilAsync(GuardState.Serving);
        Assert.Equal(["unload llama3"], host.Eviction.Calls);
        Assert.Equal(3, host.Publisher.Changes[^1].HeldCount);
    }

    [Fact]
    public async Task Models_on_their_way_back_are_not_waited_for_when_the_next_game_starts()
    {
        using var host = Serving("llama3");
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        host.Eviction.LoadsForEver = true;
        host.Ends(Game);
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        host.Guard.Round();
        Assert.Equal(GuardState.Warming, host.State);
        await Until.True(() => host.Eviction.Calls is [_, "warm llama3"]);
        host.Eviction.Resident.Add("llama3");
        host.Starts(Process(8, "other"), WorkloadKind.Gaming);
        host.Clock.Advance(TimeSpan.FromSeconds(0.3));

        await host.UntilAsync(GuardState.Yielded);

        Assert.Equal(["unload llama3", "warm llama3", "unload llama3"], host.Eviction.Calls);
        Assert.Empty(host.Guard.Report().Problems);
    }

    [Fact]
    public async Task A_person_gives_it_away_for_a_time_and_takes_it_back_in_the_face_of_a_game()
    {
        using var host = Serving("llama3", new GuardOptions { Enabled = false });
        Assert.False(host.Guard.Choose("GPU-z", new ManualChoice(true, null, null)));
        Assert.True(host.Guard.Choose(null, new ManualChoice(true, host.Clock.GetUtcNow().AddMinutes(1), "film night")));
        Assert.False(host.Gate.IsOpen());
        await host.UntilAsync(GuardState.Yielded);
        Assert.Contains("film night", host.Guard.Report().Gpus[0].Reason, StringComparison.Ordinal);
        host.Pass(61);
        await host.UntilAsync(GuardState.Serving);

        using var busy = Serving("llama3");
        busy.Starts(Game, WorkloadKind.Gaming);
        busy.Pass(1);
        await busy.UntilAsync(GuardState.Yielded);
        busy.Guard.Choose(null, new ManualChoice(false, null, null));
        await busy.UntilAsync(GuardState.Serving);
        busy.Pass(60);
        Assert.Equal(GuardState.Serving, busy.State);
        // When that game has gone, the next one counts again
        busy.Ends(Game);
        busy.Pass(1);
        busy.Starts(Process(8, "other"), WorkloadKind.Gaming);
        busy.Pass(1);
        Assert.False(busy.Gate.IsOpen());
    }

    [Fact]
    public void Switched_off_it_watches_and_leaves_the_gpu_to_the_models()
    {
        using var host = Serving("llama3", new GuardOptions { Enabled = false });
        host.Starts(Game, WorkloadKind.Gaming);
        host.Sample(celsius: 99);
        host.Pass(60);
        Assert.Empty(host.Publisher.Changes);
        Assert.True(host.Gate.IsOpen());
    }

    private static GuardFixture Serving(string model, GuardOptions? options = null)
    {
        var host = new GuardFixture(options);
        host.Eviction.Resident.Add(model);
        host.Sample();
        return host;
    }
}
