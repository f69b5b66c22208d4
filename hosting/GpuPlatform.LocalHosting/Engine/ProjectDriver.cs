using System.Net;
using System.Runtime.InteropServices;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>A project: its built assembly under the same .NET that runs the AppHost, with nothing in between.</summary>
internal sealed class ProjectDriver(ProjectResource project, Func<ProcessSpec, ChildProcess> start) : IResourceDriver
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
    {
        if (project.AssemblyPath is not { } assembly || !File.Exists(assembly))
            throw new DistributedApplicationException($"'{project.Name}' is not built ({project.AssemblyPath ?? project.ProjectPath}); build the AppHost again.");
        return Task.FromResult<ChildProcess?>(start(new ProcessSpec(DotnetHost(), assembly)
        {
            WorkingDirectory = Path.GetDirectoryName(project.ProjectPath)!,
            Environment = Variables(),
        }));
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        if (project.HealthPath is not { } path) return true;
        using var response = await Client.GetAsync(new Uri(new Uri(project.Url), path), cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>();
        foreach (var add in project.Environment) add(variables);
        return variables;
    }

    // <root>/shared/Microsoft.NETCore.App/<version>/ is the running runtime's directory.
    private static string DotnetHost()
    {
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
