using System.Collections.Concurrent;
using System.Diagnostics;

namespace GpuPlatform.SystemTests;

/// <summary>A command a person would type, started in a session of its own, with its output kept.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Starts <paramref name="command"/>; the variables are added to this process's environment, null removes one.</summary>
    public ChildProcess(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment)
    {
        // setsid: so that a Ctrl-C for it can be sent to its whole group, as a terminal does. Who starts tests in the background may have them ignore it.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", .. command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment.UnionBy(NoSettings.Variables, variable => variable.Key))
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    /// <summary>Waits for the end, by itself and of its output.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>What Ctrl-C in a terminal does: SIGINT to the whole foreground group.</summary>
    public void PressCtrlC() => Processes.Signal("INT", -_process.Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
