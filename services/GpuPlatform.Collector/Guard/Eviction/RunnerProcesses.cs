namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>
/// Tells from a process's arguments and ancestors whether it is the one in which Ollama holds a model. It has been called differently: a program of its own,
/// then <c>ollama runner</c>, then a stock <c>llama-server</c>.
/// </summary>
internal static class RunnerProcesses
{
    private const string Server = "ollama", Own = "ollama_llama_server", Stock = "llama-server", Runner = "runner", Model = "--model";

    /// <summary>Whether it holds a model for an Ollama server.</summary>
    /// <param name="commandLine">Its arguments, the program first; null when they could not be read.</param>
    /// <param name="ancestors">Short names of the ancestors, parent first; null when they are not known.</param>
    public static bool IsRunner(IReadOnlyList<string>? commandLine, IReadOnlyList<string>? ancestors)
    {
        if (commandLine is null or []) return false;
        return NameOf(commandLine[0]) switch
        {
            Own => true,
            Server => commandLine.Count > 1 && commandLine[1] == Runner,
            // Without a model it only looks which GPUs there are; and anybody may start one of his own
            Stock => HasModel(commandLine) && ancestors?.Any(IsServer) == true,
            _ => false,
        };
    }

    private static bool HasModel(IReadOnlyList<string> commandLine) =>
        commandLine.Any(argument => argument is Model or "-m" || argument.StartsWith(Model + "=", StringComparison.Ordinal));

    private static bool IsServer(string name) => NameOf(name) == Server;

    private static string NameOf(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
