using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting;

/// <summary>References, waits, health and environment.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Gives the connection string and its short forms to the resource.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null)
        where T : IResourceWithEnvironment
    {
        var resource = Engine(builder);
        resource.References.Add((Resource)source.Resource);
        resource.Environment.Add(variables => ProjectEnvironment.AddConnection(variables, source.Resource, connectionName ?? source.Resource.Name));
        return builder;
    }

    /// <summary>Tells the resource where the source's endpoints are.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where T : IResourceWithEnvironment
    {
        var resource = Engine(builder);
        resource.References.Add((Resource)source.Resource);
        resource.Environment.Add(variables => ProjectEnvironment.AddEndpoints(variables, (ProjectResource)source.Resource));
        return builder;
    }

    /// <summary>Starts the resource when the dependency is running, healthy and ready.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        Engine(builder).Waits.Add((Resource)dependency.Resource);
        return builder;
    }

    /// <summary>The resource is healthy when a GET of the path answers 200.</summary>
    public static IResourceBuilder<ProjectResource> WithHttpHealthCheck(this IResourceBuilder<ProjectResource> builder, string? path = null)
    {
        if (builder.Resource.Endpoints.Count == 0)
            throw new DistributedApplicationException($"'{builder.Resource.Name}' has no HTTP endpoint to check; its launch profile needs an applicationUrl.");
        builder.Resource.HealthPath = path ?? "/";
        return builder;
    }

    /// <summary>Marks the resource as one for people; the table shows it first.</summary>
    public static IResourceBuilder<ProjectResource> WithExternalHttpEndpoints(this IResourceBuilder<ProjectResource> builder)
    {
        builder.Resource.IsExternal = true;
        return builder;
    }

    /// <summary>Sets an environment variable of the resource.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value) where T : IResourceWithEnvironment
    {
        Engine(builder).Environment.Add(variables => variables[name] = value ?? "");
        return builder;
    }

    private static Resource Engine<T>(IResourceBuilder<T> builder) where T : IResource => (Resource)(object)builder.Resource;
}
