using System.Diagnostics;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>The small shell process that outlives the AppHost by a moment and leaves none of its children behind (docs/decisions/002).</summary>
internal sealed class Warden : IAsyncDisposable
{
    /// <summary>Argument that tells a warden from any other shell in a process list.</summary>
    public const string Mark = "gpuplatform-warden";

    private readonly Process _process;
    private readonly Lock _writing = new();

    private Warden(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public static Warden Start()
    {
        if (OperatingSystem.IsWindows())
            throw new DistributedApplicationException("The local engine runs on Linux (macOS: best effort). On Windows install Docker Desktop or Podman and build with -p:Orchestrator=aspire.");
        using var resource = typeof(Warden).Assembly.GetManifestResourceStream("warden.sh")!;
        using var reader = new StreamReader(resource);
        var (command, arguments) = NewSession(["/bin/sh", "-c", reader.ReadToEnd(), Mark]);
        return new Warden(Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/" })!);
    }

    /// <summary>The command in a session and process group of its own, under the same process id.</summary>
    public static (string Command, IReadOnlyList<string> Arguments) NewSession(IReadOnlyList<string> command) =>
        OperatingSystem.IsMacOS()
            ? ("/usr/bin/perl", ["-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127", "--", .. command])
            : ("setsid", command);

    public void Watch(ProcessSpec spec, int processId) => Write($"watch {spec.EndStage} {spec.EndSignal} {processId}");

    /// <summary>The group's leader has ended: nothing of its group may stay.</summary>
    public void Forget(int processId) => Write($"signal KILL {processId}\nforget {processId}");

    public void Signal(string signal, int processId) => Write($"signal {signal} {processId}");

    public void RemoveAtEnd(string folder) => Write($"remove {folder}");

    public async ValueTask DisposeAsync()
    {
        lock (_writing) _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Write(string line)
    {
        lock (_writing)
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }
    }
}
