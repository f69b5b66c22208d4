using System.Reflection;
using System.Text.RegularExpressions;
using GpuPlatform.LocalHosting.Engine;
using GpuPlatform.LocalHosting.Testing;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.LocalHosting;

internal sealed partial class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<IResource> _resources = [];
    private readonly EntryPointRun? _test;

    public DistributedApplicationBuilder(string[] args)
    {
        _test = EntryPointRun.Current;
        AppHostAssembly = _test?.Assembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = BuildMetadata.Of(AppHostAssembly, BuildMetadata.AppHostDirectory) ?? Directory.GetCurrentDirectory();
        Configuration.AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables().AddCommandLine(_test?.Arguments ?? args);
        // As Aspire's testing builder does: tests run in Development unless told otherwise.
        var environment = Configuration["DOTNET_ENVIRONMENT"] ?? Configuration["ASPNETCORE_ENVIRONMENT"];
        IsDevelopment = string.Equals(environment ?? (_test is null ? "Production" : "Development"), "Development", StringComparison.OrdinalIgnoreCase);
    }

    public ConfigurationManager Configuration { get; } = new();

    public Assembly? AppHostAssembly { get; }

    public string AppHostDirectory { get; }

    public IReadOnlyList<IResource> Resources => _resources;

    internal bool IsDevelopment { get; }

    internal bool IsTest => _test is not null;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (!ResourceName().IsMatch(resource.Name))
            throw new DistributedApplicationException($"The resource name '{resource.Name}' is not valid: 1 to 64 letters, digits and hyphens, beginning with a letter.");
        if (_resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is a resource named '{resource.Name}' already; names are unique.");
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _test?.WaitForBuild(this);
        var application = new DistributedApplication(this, new ApplicationRunner(this));
        _test?.Built(application);
        return application;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,63}$", RegexOptions.ExplicitCapture)]
    private static partial Regex ResourceName();
}
