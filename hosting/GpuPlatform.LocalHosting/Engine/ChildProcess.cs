using System.Diagnostics;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>A running child: a session of its own, known to the warden before its program begins.</summary>
internal sealed class ChildProcess
{
    private static readonly string[] HostsOwn = ["ASPNETCORE_URLS", "ASPNETCORE_HTTPS_PORT", "DOTNET_LAUNCH_PROFILE"];

    private readonly Warden _warden;
    private readonly Process _process;
    private readonly ProcessSpec _spec;

    private ChildProcess(Warden warden, Process process, ProcessSpec spec, Action<string> onLine)
    {
        (_warden, _process, _spec) = (warden, process, spec);
        Exit = WatchAsync(Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine)));
    }

    public int Id => _process.Id;

    /// <summary>Ends with the exit code, after the last log lines have been read.</summary>
    public Task<int> Exit { get; }

    public static ChildProcess Start(Warden warden, ProcessSpec spec, Action<string> onLine)
    {
        // The shell waits for one line: an AppHost killed between start and registration leaves nothing, since the pipe closes.
        var (command, arguments) = Warden.NewSession(["/bin/sh", "-c", "read -r go && [ \"$go\" = go ] && exec \"$@\" </dev/null", "start", .. spec.CommandLine()]);
        var process = Process.Start(StartInfo(command, arguments, spec, input: true))!;
        var child = new ChildProcess(warden, process, spec, onLine);
        warden.Watch(spec, process.Id);
        process.StandardInput.Write("go\n");
        process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a short command to its end and gives what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var line = spec.CommandLine();
        using var process = Process.Start(StartInfo(line[0], line.Skip(1), spec, input: false))!;
        try
        {
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, string.Concat(output).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public async Task StopAsync(TimeSpan grace)
    {
        if (!Exit.IsCompleted) _warden.Signal(_spec.EndSignal, Id);
        if (await Task.WhenAny(Exit, Task.Delay(grace)) != Exit) _warden.Signal("KILL", Id);
        await Exit;
    }

    private static ProcessStartInfo StartInfo(string command, IEnumerable<string> arguments, ProcessSpec spec, bool input)
    {
        var info = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = input,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = info.Environment["PATH"];
        if (spec.CleanEnvironment) info.Environment.Clear();
        foreach (var name in HostsOwn) info.Environment.Remove(name);
        info.Environment["PATH"] = path;
        foreach (var (name, value) in spec.Environment) info.Environment[name] = value;
        return info;
    }

    private async Task<int> WatchAsync(Task output)
    {
        await _process.WaitForExitAsync();
        _warden.Forget(Id);
        // A grandchild may hold the pipe open: the last lines are worth a second, not for ever.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
    }
}
