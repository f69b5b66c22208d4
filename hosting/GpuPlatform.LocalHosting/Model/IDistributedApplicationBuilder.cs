using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.LocalHosting;

/// <summary>Draws the diagram; the members are those of Aspire that this repository uses.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>appsettings.json of the AppHost, the environment, then the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The AppHost's assembly, which knows the projects' paths.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>The folder of the AppHost's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>Every resource so far.</summary>
    IReadOnlyList<IResource> Resources { get; }

    /// <summary>Adds a resource; a second one of the same name is refused.</summary>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>Continues a resource that was added before.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    /// <summary>Ends the drawing.</summary>
    DistributedApplication Build();
}
