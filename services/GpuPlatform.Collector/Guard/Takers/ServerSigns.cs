using System.Globalization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>By what a process of a model server is known even when it has lost its parents.</summary>
internal static class ServerSigns
{
    private const string Ollama = "ollama";
    private static readonly string[] PortOptions = ["--port", "-p", "--http-port"];

    /// <summary>Whether the process works for an Ollama: a runner of whatever release, its search for devices, or Ollama itself.</summary>
    public static bool IsOllamas(GpuProcessObserved process) =>
        IsOllama(process.Name) || IsOllama(FileOf(process.ExecutablePath)) || IsOllama(FileOf(process.CommandLine is [var first, ..] ? first : null))
        || process.Scope?.Unit is "ollama.service"
        || process.Ancestors?.Any(IsOllama) == true
        // Its own copy of llama-server, and models from its store
        || process.ExecutablePath?.Contains("/lib/ollama/", StringComparison.Ordinal) == true
        || process.CommandLine?.Any(argument => argument.Contains("/models/blobs/sha256-", StringComparison.Ordinal)) == true;

    /// <summary>Whether it is one that answers clients, not one that holds a model.</summary>
    public static bool IsServing(IReadOnlyList<string>? commandLine) => commandLine is [var program, "serve", ..] && IsOllama(FileOf(program));

    /// <summary>Whether these arguments begin a server at the port.</summary>
    public static bool NamesPort(IReadOnlyList<string> commandLine, int port)
    {
        var text = port.ToString(CultureInfo.InvariantCulture);
        for (var i = 1; i < commandLine.Count; i++)
            if ((PortOptions.Contains(commandLine[i]) && i + 1 < commandLine.Count && commandLine[i + 1] == text) || commandLine[i] == $"--port={text}")
                return true;
        return false;
    }

    private static bool IsOllama(string? name) => name is Ollama or "ollama.exe" or "ollama_llama_server" or "ollama_llama_se";

    private static string? FileOf(string? path) => path?[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
