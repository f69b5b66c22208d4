using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>What a person sees: progress while starting, one table when everything is healthy, then the prefixed logs.</summary>
internal sealed partial class ConsoleReport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int[] Colours = [36, 33, 35, 32, 34, 96, 93, 95];

    private readonly ApplicationRunner _runner;
    private readonly IReadOnlyList<Resource> _resources;
    private readonly bool _isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private readonly TaskCompletionSource _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> _said = [];
    private readonly Lock _guard = new();
    private readonly long _since = Stopwatch.GetTimestamp();
    private long? _launchedAt;
    private bool _isTableShown;

    public ConsoleReport(ApplicationRunner runner, IReadOnlyList<Resource> resources, string? engineReason)
    {
        (_runner, _resources) = (runner, resources);
        runner.Notifications.Changed += Show;
        runner.Logs.Written += ShowLine;
        Say($"Engine: local, since {engineReason ?? "it was set"}. To choose: Orchestrator=aspire|local in the environment.");
    }

    /// <summary>Ends when a resource could not be launched at all.</summary>
    public Task FatalFailure => _fatal.Task;

    public void Say(string text)
    {
        lock (_guard) Console.WriteLine(text);
    }

    public void Fail(string text)
    {
        lock (_guard) Console.Error.WriteLine($"error: {text}");
    }

    private void Show(ResourceEvent change)
    {
        var (name, now) = (change.Resource.Name, change.Snapshot);
        var state = StateOf(now);
        lock (_guard)
        {
            _launchedAt ??= Stopwatch.GetTimestamp();
            if (_said.GetValueOrDefault(name) == state) return;
            _said[name] = state;
            if (now.State?.Text == KnownResourceStates.FailedToStart) Fail($"'{name}' could not be started.\n{LastLines(name)}");
            else if (now.State?.Text == KnownResourceStates.Exited)
                Fail($"'{name}' ended by itself with exit code {now.ExitCode}; the others go on. Start the AppHost again to restart it. Its last lines:\n{LastLines(name)}");
            else if (now.State?.Text == KnownResourceStates.Waiting)
                Say($"  {name}: waits for {string.Join(", ", change.Resource is Resource { Waits: var waits } ? waits.Select(dependency => dependency.Name).Distinct() : [])}");
            else if (now.State?.Text != KnownResourceStates.Running || now.HealthStatus == HealthStatus.Healthy || _isTableShown) Say($"  {name}: {state}");
        }

        if (now.State?.Text == KnownResourceStates.FailedToStart) _fatal.TrySetResult();
        ShowTableOnceHealthy();
    }

    private void ShowTableOnceHealthy()
    {
        lock (_guard)
        {
            if (_isTableShown || !_resources.All(resource => _said.GetValueOrDefault(resource.Name) == "healthy")) return;
            _isTableShown = true;
            var width = _resources.Max(resource => resource.Name.Length);
            Console.WriteLine($"\n  {"RESOURCE".PadRight(width)}  STATE    URL");
            foreach (var resource in _resources.OrderByDescending(resource => resource is ProjectResource { IsExternal: true }).ThenByDescending(resource => resource is ProjectResource))
            {
                var line = $"  {resource.Name.PadRight(width)}  healthy  {resource.Url}";
                Console.WriteLine(_isColoured && resource is ProjectResource { IsExternal: true } ? $"\e[1m{line}\e[0m" : line);
            }

            Console.WriteLine($"\n  Everything is healthy after {Stopwatch.GetElapsedTime(_since).TotalSeconds:0.0} s. Ctrl-C ends it all.\n");
        }
    }

    // Logs would push the table out of sight; when the table is late, they are what explains it.
    private void ShowLine(string resource, string line)
    {
        lock (_guard)
            if (_isTableShown || (_launchedAt is { } at && Stopwatch.GetElapsedTime(at) > Patience)) Console.WriteLine(Prefixed(resource, line));
    }

    private string LastLines(string resource) => string.Join('\n', _runner.Logs.Of(resource, 20).Select(line => Prefixed(resource, line)));

    private string Prefixed(string resource, string line)
    {
        if (!_isColoured) return $"[{resource}] {Escapes().Replace(line, "")}";
        var colour = Colours[_resources.TakeWhile(other => other.Name != resource).Count() % Colours.Length];
        return $"\e[{colour}m[{resource}]\e[0m {line}";
    }

    private static string StateOf(CustomResourceSnapshot now) => now.State?.Text == KnownResourceStates.Running
        ? now.HealthStatus switch { HealthStatus.Healthy => "healthy", null => "running", _ => "not healthy yet" }
        : now.State?.Text.ToLowerInvariant() ?? "";

    [GeneratedRegex("\e\\[[0-9;]*[A-Za-z]")]
    private static partial Regex Escapes();
}
