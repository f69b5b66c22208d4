using System.Runtime.InteropServices;
using GpuPlatform.LocalHosting.Engine;
using GpuPlatform.LocalHosting.Testing;

namespace GpuPlatform.LocalHosting;

/// <summary>The whole system, ready to run as plain local processes.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private readonly DistributedApplicationBuilder _builder;

    internal DistributedApplication(DistributedApplicationBuilder builder, ApplicationRunner runner)
    {
        (_builder, Runner) = (builder, runner);
        ResourceCommands = new ResourceCommandService(runner);
    }

    /// <summary>States of the resources, and waiting for them.</summary>
    public ResourceNotificationService ResourceNotifications => Runner.Notifications;

    /// <summary>Starts, stops and restarts single resources.</summary>
    public ResourceCommandService ResourceCommands { get; }

    internal ApplicationRunner Runner { get; }

    internal IEnumerable<Resource> Resources => _builder.Resources.Cast<Resource>();

    /// <summary>Begins the diagram.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins the diagram with the AppHost's arguments.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Starts everything and returns when everything has ended.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts everything, waits for Ctrl-C or SIGTERM, and ends everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (EntryPointRun.Current is { } test)
        {
            await test.Finished;
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var parent = ParentWatch.StopWhenDotnetRunEnds(stop);
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            // The second Ctrl-C ends the AppHost at once; the warden then ends the rest.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        })).ToArray();
        await RunUntilAsync(stop.Token);
        foreach (var signal in signals) signal.Dispose();
    }

    /// <summary>Starts everything; resources that wait for others start later, in the background.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => Runner.StartAsync(cancellationToken);

    /// <summary>Ends everything, dependents first.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => Runner.StopAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Runner.DisposeAsync();

    private async Task RunUntilAsync(CancellationToken stop)
    {
        var console = new ConsoleReport(Runner, Resources.ToList(), BuildMetadata.Of(_builder.AppHostAssembly, BuildMetadata.EngineReason));
        try
        {
            await StartAsync(stop);
            await console.FatalFailure.WaitAsync(stop);
            Environment.ExitCode = 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Say("Stopping ...");
        }
        catch (DistributedApplicationException problem)
        {
            console.Fail(problem.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            await DisposeAsync();
        }
    }
}
