using GpuPlatform.LocalHosting.Servers;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>Runs the diagram: everything is checked first, then every resource starts when its dependencies are ready.</summary>
internal sealed class ApplicationRunner : IAsyncDisposable
{
    private readonly DistributedApplicationBuilder _builder;
    private readonly Dictionary<string, ResourceRunner> _runners = [];
    private readonly List<Resource> _resources;
    private readonly CancellationTokenSource _ended = new();
    private Task _starting = Task.CompletedTask;
    private Warden? _warden;
    private ServerHome? _home;
    private bool _isDisposed;

    public ApplicationRunner(DistributedApplicationBuilder builder)
    {
        _builder = builder;
        _resources = [.. builder.Resources.Cast<Resource>()];
        Notifications = new(_resources, Logs);
    }

    public LogLines Logs { get; } = new();

    /// <summary>Lets the AppHost's Main go on when a test has ended its application.</summary>
    public Action? OnDisposed { get; set; }

    public ResourceNotificationService Notifications { get; }

    public ResourceRunner? Find(string name) => _runners.GetValueOrDefault(name);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _warden = Warden.Start();
        if (_resources.Any(resource => resource is PostgresServerResource or RabbitMQServerResource)) await PrepareServersAsync(cancellationToken);
        TakePorts();
        foreach (var resource in _resources)
            _runners[resource.Name] = new(resource, DriverOf(resource), Notifications, Logs, stopOnUnavailable: _builder.IsTest, _ended.Token);
        _starting = Task.WhenAll(_runners.Values.Select(runner => runner.StartWhenReadyAsync()));
    }

    public async Task StopAsync()
    {
        await _ended.CancelAsync();
        await _starting;
        foreach (var wave in StopOrder.Of(_resources))
            await Task.WhenAll(wave.Where(resource => _runners.ContainsKey(resource.Name)).Select(resource => _runners[resource.Name].StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopAsync();
        if (_warden is not null) await _warden.DisposeAsync();
        _home?.Dispose();
        _ended.Dispose();
        OnDisposed?.Invoke();
    }

    private void TakePorts()
    {
        foreach (var project in _resources.OfType<ProjectResource>())
        {
            foreach (var endpoint in project.Endpoints)
            {
                // Port 0 in a launch profile means any.
                if (_builder.IsTest || endpoint.Port == 0) endpoint.Port = Ports.Free();
                else Ports.Require(endpoint.Port, project);
            }
        }
    }

    private async Task PrepareServersAsync(CancellationToken cancellationToken)
    {
        await NativePackages.EnsureAsync(_resources, Console.WriteLine, cancellationToken);
        var keeps = !_builder.IsTest && _resources.Any(resource => resource is PostgresServerResource { KeepsData: true } or RabbitMQServerResource { KeepsData: true });
        _home = keeps ? await ServerHome.OpenAsync(DataFolder.Choose(), _warden!.ProcessId, cancellationToken) : ServerHome.Temporary();
        if (!keeps) _warden!.RemoveAtEnd(_home.Folder);
        foreach (var postgres in _resources.OfType<PostgresServerResource>())
            (postgres.Port, postgres.Password) = (Ports.Free(), _home.Password(postgres.Name));
        foreach (var broker in _resources.OfType<RabbitMQServerResource>())
            (broker.Port, broker.Password) = (Ports.Free(), _home.Password(broker.Name));
    }

    private IResourceDriver DriverOf(Resource resource)
    {
        ChildProcess Start(ProcessSpec spec) => ChildProcess.Start(_warden!, spec, line => Logs.Write(resource.Name, line));
        return resource switch
        {
            ProjectResource project => new ProjectDriver(project, Start),
            PostgresServerResource postgres => new PostgresDriver(postgres, _home!, Start),
            PostgresDatabaseResource database => new PostgresDatabaseDriver(database),
            RabbitMQServerResource broker => new RabbitMqDriver(broker, _home!, Start),
            _ => throw new DistributedApplicationException($"'{resource.Name}' is of a kind that the local engine does not know."),
        };
    }
}
