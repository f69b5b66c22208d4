using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.LocalHosting.Testing;

/// <summary>An AppHost inside a test: random ports, throw-away data.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost that the type belongs to up to its Build().</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>The same, with the AppHost's arguments.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class
    {
        var run = new EntryPointRun(typeof(TEntryPoint).Assembly, args);
        run.Start();
        return new TestingBuilder(run, await run.Drawn.WaitAsync(cancellationToken));
    }

    private sealed class TestingBuilder(EntryPointRun run, DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
    {
        private DistributedApplication? _application;

        public ConfigurationManager Configuration => inner.Configuration;

        public Assembly? AppHostAssembly => inner.AppHostAssembly;

        public string AppHostDirectory => inner.AppHostDirectory;

        public IReadOnlyList<IResource> Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
        {
            _application = await run.BuildAsync().WaitAsync(cancellationToken);
            _application.Runner.OnDisposed = run.Finish;
            return _application;
        }

        public async ValueTask DisposeAsync()
        {
            if (_application is not null) await _application.DisposeAsync();
            run.Finish();
        }
    }
}

/// <summary>The diagram of an AppHost inside a test, before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    /// <summary>Lets the AppHost build the application; it is started by the test.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
