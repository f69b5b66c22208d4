using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.Doubles.Ollama;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Guard.Eviction;

public sealed class RunnerTests
{
    private static readonly OllamaModel Model = new("m");
    private readonly RunnerSignals _signals = new(NullLogger<RunnerSignals>.Instance);

    [Theory]
    [InlineData("/usr/bin/ollama|runner|--ollama-engine|--model|/m|--port|41231", "ollama|systemd", true)]
    [InlineData("/usr/bin/ollama|runner|--mlx-engine|--model|/m", null, true)]
    [InlineData("C:\\Ollama\\ollama.exe|runner|--model|m", null, true)]
    [InlineData("/tmp/ollama123/runners/cuda_v12/ollama_llama_server|--model|/m", null, true)]
    [InlineData("/usr/lib/ollama/llama-server|--model|/m|--port|41231|--no-webui|--offline", "ollama|systemd", true)]
    [InlineData("/usr/lib/ollama/llama-server|--port|41231|--offline", "ollama|systemd", false)]
    [InlineData("/usr/bin/llama-server|-m|/m", "bash|sshd", false)]
    [InlineData("/usr/bin/llama-server|--model|/m", null, false)]
    [InlineData("/usr/bin/ollama|serve", "systemd", false)]
    [InlineData("/usr/bin/ollama", "bash", false)]
    [InlineData("vim|ollama|runner", "bash", false)]
    [InlineData(null, "ollama", false)]
    public void A_runner_is_known_by_its_arguments_and_whose_child_it_is(string? commandLine, string? ancestors, bool expected) =>
        Assert.Equal(expected, RunnerProcesses.IsRunner(commandLine?.Split('|'), ancestors?.Split('|')));

    [Theory]
    [InlineData(nameof(RunnerSignal.Terminate))]
    [InlineData(nameof(RunnerSignal.Kill))]
    public async Task A_runner_that_is_signalled_ends_and_its_server_takes_that_for_a_crash(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are signalled on Linux alone");
        using var house = new RunnerHouse();
        await using var ollama = await OllamaDouble.StartAsync();
        (ollama.Models.Runners, ollama.Models.HangsInStopping) = (house, true);
        ollama.Models.Put(Model);
        ollama.Models.Use(Model with { Name = "m:latest" }, null, null);
        ollama.Models.Release(Model with { Name = "m:latest" });
        ollama.Models.Unload("m");
        Assert.Single(ollama.Models.Residents());
        var pid = ollama.Models.RunnerOf("m")!.Value;

        Assert.Null(_signals.Send(pid, StartOf(pid), Enum.Parse<RunnerSignal>(signal)));

        await Until.True(() => ollama.Models.CrashCount == 1);
        Assert.Empty(ollama.Models.Residents());
    }

    [Fact]
    public async Task Whoever_has_a_runners_number_after_it_is_left_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are signalled on Linux alone");
        using var house = new RunnerHouse();
        var crashed = false;
        var runner = house.Start(Model, () => crashed = true);
        Assert.Null(_signals.Send(runner.Pid, StartOf(runner.Pid).AddMinutes(-1), RunnerSignal.Kill));
        Assert.Equal($"process {Environment.ProcessId} is not the runner that was to end", _signals.Send(Environment.ProcessId, StartOf(Environment.ProcessId), RunnerSignal.Kill));
        Assert.Equal("1 is no process that may be signalled", _signals.Send(1, default, RunnerSignal.Kill));
        Assert.False(crashed || runner.HasEnded);
        runner.End();
        await Until.True(() => runner.HasEnded);
        Assert.False(crashed);
        Assert.Null(_signals.Send(runner.Pid, DateTimeOffset.UtcNow, RunnerSignal.Kill));
    }

    [Fact]
    public async Task A_runner_lives_as_long_as_its_model()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "runners are processes of Linux here");
        using var house = new RunnerHouse(_ => "0:2800:C:5");
        await using var ollama = await OllamaDouble.StartAsync();
        ollama.Models.Runners = house;
        ollama.Models.Put(Model);
        ollama.Models.Use(Model with { Name = "m:latest" }, null, null);
        var pid = ollama.Models.RunnerOf("m")!.Value;
        var facts = new ProcFs().Read(pid);
        Assert.True(RunnerProcesses.IsRunner(facts.CommandLine, null), string.Join(' ', facts.CommandLine ?? []));
        Assert.Equal("ollama", facts.Name);
        Assert.Contains($"{RunnerHouse.GpuVariable}=0:2800:C:5", await File.ReadAllTextAsync($"/proc/{pid}/environ", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        ollama.Models.Release(Model with { Name = "m:latest" });
        ollama.Models.Unload("m");
        await Until.True(() => !new ProcFs().TryReadStamp(pid, out _));
        Assert.Equal(0, ollama.Models.CrashCount);
    }

    private static DateTimeOffset StartOf(int pid)
    {
        Assert.True(new ProcFs().TryReadStamp(pid, out var stamp));
        return stamp.StartedAt;
    }
}
