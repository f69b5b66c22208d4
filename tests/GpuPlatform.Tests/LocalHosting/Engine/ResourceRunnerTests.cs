using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.Tests.LocalHosting.Engine;

public sealed class ResourceRunnerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ended = new();
    private readonly RabbitMQServerResource _server = new("server");
    private readonly ProjectResource _service = new("service");
    private readonly LogLines _logs = new();
    private readonly ResourceNotificationService _notifications;

    public ResourceRunnerTests()
    {
        _service.Waits.Add(_server);
        _notifications = new([_server, _service], _logs);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    [Fact]
    public async Task A_dependent_starts_only_when_its_dependency_is_healthy_and_ready()
    {
        var (server, service) = (new Driver { IsReady = false }, new Driver());
        var waiting = Runner(_service, service).StartWhenReadyAsync();
        await Runner(_server, server).StartWhenReadyAsync();
        await server.AskedToBeReady.Task.WaitAsync(Limit);
        Assert.Equal(KnownResourceStates.Waiting, StateOf("service"));
        Assert.False(service.IsLaunched);

        server.IsReady = true;
        await waiting.WaitAsync(Limit);
        await _notifications.WaitForResourceHealthyAsync("service").WaitAsync(Limit);
        Assert.True(service.IsLaunched);
    }

    [Fact]
    public async Task A_dependency_that_fails_makes_its_dependent_fail_in_tests()
    {
        var service = new Driver();
        var waiting = Runner(_service, service).StartWhenReadyAsync();
        await Runner(_server, new Driver { LaunchError = "no such program" }).StartWhenReadyAsync();
        await waiting.WaitAsync(Limit);
        Assert.Equal(KnownResourceStates.FailedToStart, StateOf("service"));
        Assert.False(service.IsLaunched);
        Assert.Contains(_logs.Of("service"), line => line.Contains("waits for 'server', which is FailedToStart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_run_mode_a_dependent_goes_on_waiting_for_a_failed_dependency()
    {
        var waiting = Runner(_service, new Driver(), stopOnUnavailable: false).StartWhenReadyAsync();
        var server = new Driver { LaunchError = "no such program" };
        await Runner(_server, server).StartWhenReadyAsync();
        Assert.Equal(KnownResourceStates.Waiting, StateOf("service"));

        server.LaunchError = null;
        await Runner(_server, server).LaunchAsync(CancellationToken.None);
        await waiting.WaitAsync(Limit);
        Assert.Equal(KnownResourceStates.Running, StateOf("service"));
    }

    [Fact]
    public async Task Waiting_for_health_fails_with_the_last_lines_of_what_could_not_start()
    {
        await Runner(_server, new Driver { LaunchError = "no such program" }).StartWhenReadyAsync();
        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => _notifications.WaitForResourceHealthyAsync("server"));
        Assert.Contains("no such program", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dependents_end_before_what_they_lean_on()
    {
        var postgres = new PostgresServerResource("postgres");
        var database = new PostgresDatabaseResource("db", "db", postgres);
        var history = new ProjectResource("history");
        history.References.Add(database);
        var web = new ProjectResource("web");
        web.References.Add(history);
        database.Waits.Add(postgres);
        Assert.Equal(["web", "history", "db", "postgres"], StopOrder.Of([postgres, database, history, web]).SelectMany(wave => wave).Select(resource => resource.Name));
    }

    private ResourceRunner Runner(Resource resource, IResourceDriver driver, bool stopOnUnavailable = true) =>
        new(resource, driver, _notifications, _logs, stopOnUnavailable, _ended.Token);

    private string? StateOf(string name) => _notifications.TryGetCurrentState(name, out var state) ? state.Snapshot.State?.Text : null;

    private sealed class Driver : IResourceDriver
    {
        public bool IsReady { get; set; } = true;

        public string? LaunchError { get; set; }

        public bool IsLaunched { get; private set; }

        public TaskCompletionSource AskedToBeReady { get; } = new();

        public Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
        {
            if (LaunchError is not null) throw new DistributedApplicationException(LaunchError);
            IsLaunched = true;
            return Task.FromResult<ChildProcess?>(null);
        }

        public Task MakeReadyAsync(CancellationToken cancellationToken)
        {
            AskedToBeReady.TrySetResult();
            return IsReady ? Task.CompletedTask : throw new InvalidOperationException("not yet");
        }
    }
}
