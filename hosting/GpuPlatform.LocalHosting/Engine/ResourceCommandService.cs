using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting;

/// <summary>Starts, stops and restarts single resources.</summary>
public sealed class ResourceCommandService
{
    private readonly ApplicationRunner _runner;

    internal ResourceCommandService(ApplicationRunner runner) => _runner = runner;

    /// <summary>Runs one of <see cref="KnownResourceCommands" />.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_runner.Find(resourceId) is not { } resource) return new() { Success = false, ErrorMessage = $"There is no resource '{resourceId}'." };
        if (commandName is not (KnownResourceCommands.StartCommand or KnownResourceCommands.StopCommand or KnownResourceCommands.RestartCommand))
            return new() { Success = false, ErrorMessage = $"There is no command '{commandName}'." };
        if (commandName != KnownResourceCommands.StartCommand) await resource.StopAsync();
        if (commandName != KnownResourceCommands.StopCommand) await resource.LaunchAsync(cancellationToken);
        return new() { Success = true };
    }
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>It was carried out.</summary>
    public required bool Success { get; init; }

    /// <summary>Why it was not.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>The commands that every resource has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it.</summary>
    public const string StartCommand = "resource-start";

    /// <summary>Ends it.</summary>
    public const string StopCommand = "resource-stop";

    /// <summary>Ends and starts it.</summary>
    public const string RestartCommand = "resource-restart";
}
