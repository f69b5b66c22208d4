using System.Diagnostics;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>
/// Starts real processes that look as Ollama's runners do, <c>ollama runner --model … --port N</c>, and do nothing. They end with their model, and with the
/// test that started them whatever becomes of it.
/// </summary>
/// <param name="gpu">Where a simulated GPU is to list a model's runner, <c>INDEX:MIB:CONTEXT:SM</c>; null, nowhere.</param>
internal sealed class RunnerHouse(Func<OllamaModel, string?>? gpu = null) : IDisposable
{
    /// <summary>Variable of a process that tells simulated GPUs to list it.</summary>
    public const string GpuVariable = "GPUPLATFORM_SIMULATED_GPU";

    private const string Program = "ollama", Script = "runner";

    private readonly string _folder = Directory.CreateTempSubdirectory("gpuplatform-").FullName;
    private int _port = 40_000;

    /// <summary>Starts one.</summary>
    /// <param name="model">The model that it holds.</param>
    /// <param name="crashed">Called when it ends though nobody told it to.</param>
    public RunnerProcess Start(OllamaModel model, Action crashed)
    {
        var program = Path.Combine(_folder, Program);
        if (!File.Exists(program))
        {
            // A shell under this name runs the file "runner" with the rest as its arguments. Its input ends when whoever holds the other end does
            File.WriteAllText(Path.Combine(_folder, Script), "read -r _\n");
            File.CreateSymbolicLink(program, "/bin/sh");
        }
        var start = new ProcessStartInfo(program) { WorkingDirectory = _folder, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Script, "--model", $"/models/blobs/sha256-{model.Digest}", "--port", $"{Interlocked.Increment(ref _port)}"]) start.ArgumentList.Add(argument);
        if (gpu?.Invoke(model) is { } place) start.Environment[GpuVariable] = place;
        return new RunnerProcess(start, crashed);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>A runner.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private int _told;

    public RunnerProcess(ProcessStartInfo start, Action crashed)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) =>
        {
            if (Interlocked.Exchange(ref _told, 1) == 0) crashed();
        };
        _process.Start();
        Pid = _process.Id;
    }

    public int Pid { get; }

    public void Dispose() => _process.Dispose();

    public bool HasEnded => _process.HasExited;

    /// <summary>Ends it as Ollama does, at once.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0) _process.Kill();
    }
}
