using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class ModelGpusTests : IAsyncDisposable
{
    private static readonly ModelServer Vllm = new("vllm", new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));

    private readonly TelemetryFixture _telemetry = new();

    public ValueTask DisposeAsync() => _telemetry.DisposeAsync();

    [Fact]
    public void The_only_gpu_of_a_host_is_the_one()
    {
        Assert.Empty(_telemetry.Gpus.Of(RequestFixture.Ollama));
        _telemetry.Sample(TelemetryFixture.Gpu(1), TelemetryFixture.Gpu(1, "MIG-1") with { ParentUuid = "GPU-a" });
        Assert.Equal(["GPU-a"], _telemetry.Gpus.Of(RequestFixture.Ollama));
    }

    [Fact]
    public void Of_several_it_is_those_where_the_servers_own_processes_are()
    {
        _telemetry.Note("GPU-a", 1, "eldenring.exe");
        _telemetry.Note("GPU-b", 2, "llama-server", "/usr/lib/ollama/llama-server", "ollama", "systemd");
        _telemetry.Note("GPU-c", 3, "python3", "/usr/bin/python3.12", "bash");
        _telemetry.Note("GPU-c", 4, "VLLM::EngineCor", null, "vllm");
        Hold(("GPU-a", 1), ("GPU-b", 2), ("GPU-c", 3), ("GPU-c", 4));
        Assert.Equal(["GPU-b"], _telemetry.Gpus.Of(RequestFixture.Ollama));
        Assert.Equal(["GPU-c"], _telemetry.Gpus.Of(Vllm));
    }

    [Fact]
    public void Where_its_own_are_not_seen_those_of_any_model_server_count_and_else_none()
    {
        Hold(("GPU-a", 1), ("GPU-b", 2));
        Assert.Empty(_telemetry.Gpus.Of(Vllm));
        _telemetry.Note("GPU-a", 1, "lmsensors-like", "/usr/bin/ollamaish");
        Assert.Empty(_telemetry.Gpus.Of(Vllm));
        _telemetry.Note("GPU-b", 2, "ollama", "/usr/local/bin/ollama");
        Assert.Equal(["GPU-b"], _telemetry.Gpus.Of(Vllm));
    }

    [Fact]
    public void An_instance_stands_for_its_board_and_a_script_for_its_server()
    {
        _telemetry.Note("MIG-1", 1, "python3");
        _telemetry.Latest.Processes.Note(_telemetry.Latest.Processes.Find("MIG-1", Usage(1))! with { CommandLine = ["python3", "-m", "vllm.entrypoints.openai.api_server"] });
        _telemetry.Sample(TelemetryFixture.Gpu(1), TelemetryFixture.Gpu(1, "GPU-b"), TelemetryFixture.Gpu(1, "MIG-1") with { ParentUuid = "GPU-b", Processes = [Usage(1)] });
        Assert.Equal(["GPU-b"], _telemetry.Gpus.Of(Vllm));
    }

    private void Hold(params (string Gpu, int Pid)[] processes) => _telemetry.Sample([.. new[] { "GPU-a", "GPU-b", "GPU-c" }.Select(uuid =>
        TelemetryFixture.Gpu(1, uuid) with { Processes = [.. processes.Where(process => process.Gpu == uuid).Select(process => Usage(process.Pid))] })]);

    private static GpuProcessUsage Usage(int pid) => new() { Pid = pid, StartedAt = DateTimeOffset.UnixEpoch };
}
