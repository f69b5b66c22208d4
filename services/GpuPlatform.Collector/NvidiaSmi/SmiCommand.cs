using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>What the program said. <see cref="Failure"/> is null when it ended well.</summary>
internal readonly record struct SmiAnswer(string Output, string? Failure);

/// <summary>Runs NVIDIA's command-line program to its end. It is a child of this process and is ended with its own children when it takes too long.</summary>
internal sealed class SmiCommand(string? path, TimeSpan timeout)
{
    // A host of 16 GPUs answers in about 8 kB
    private const int MostCharacters = 1 << 20;
    private const string Program = "nvidia-smi";
    private static readonly TimeSpan KillWait = TimeSpan.FromSeconds(1);

    // One that hangs in the driver cannot be killed; another beside it would hang as well, and so on at every attempt
    private volatile Process? _survivor;

    /// <summary>Where the program is; null when this host has none.</summary>
    public string? Path { get; } = path ?? Find();

    public SmiAnswer Run(params IReadOnlyList<string> arguments)
    {
        if (Path is null)
            return new SmiAnswer("", "nvidia-smi was not found on this host");
        Process? process = null;
        try
        {
            if (_survivor is { HasExited: false } survivor)
                return new SmiAnswer("", $"nvidia-smi (process {survivor.Id}) hangs in the driver and cannot be stopped; no other is run beside it");
            process = Start(Path, arguments);
            var (output, errors) = (ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            if (!process.WaitForExit(timeout))
            {
                Stop(process);
                return new SmiAnswer("", $"nvidia-smi did not end within {timeout.TotalSeconds:F0} s and was stopped");
            }
            // The pipes may be held open by somebody who is not the program
            if (!Task.WaitAll([output, errors], timeout))
                return new SmiAnswer("", "nvidia-smi ended, but its output did not");
            return new SmiAnswer(output.Result, process.ExitCode == 0 ? null : Describe(process.ExitCode, output.Result, errors.Result));
        }
        catch (Exception e) when (e is Win32Exception or IOException or AggregateException or InvalidOperationException)
        {
            return new SmiAnswer("", $"nvidia-smi could not be run: {e.GetBaseException().Message}");
        }
        finally
        {
            if (process != _survivor)
                process?.Dispose();
        }
    }

    private void Stop(Process process)
    {
        _survivor = process;
        process.Kill(entireProcessTree: true);
        if (process.WaitForExit(KillWait))
            _survivor = null;
    }

    private static Process Start(string path, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start) ?? throw new InvalidOperationException("the system started no process");
        process.StandardInput.Close();
        return process;
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        // The process does not close what was read from it
        using (reader)
        {
            var (text, buffer) = (new StringBuilder(), new char[4096]);
            while (await reader.ReadAsync(buffer) is var count and > 0)
                if (text.Length < MostCharacters)
                    text.Append(buffer, 0, count);
            return text.ToString();
        }
    }

    // Some errors go to one stream, some to the other
    private static string Describe(int exitCode, string output, string errors)
    {
        var words = string.Join(' ', $"{errors} {output}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"nvidia-smi ended with code {exitCode}: {(words.Length <= 300 ? words : words[..300])}";
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        IEnumerable<string> folders = OperatingSystem.IsWindows()
            ? [Environment.SystemDirectory]
            : ["/usr/bin", "/usr/local/bin", "/usr/lib/wsl/lib", "/run/current-system/sw/bin"];
        var searched = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return searched.Concat(folders).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
