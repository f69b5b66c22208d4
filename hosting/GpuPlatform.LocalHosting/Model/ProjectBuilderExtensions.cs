using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting;

/// <summary>Projects.</summary>
public static class ProjectBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, launchProfileName: null);

    /// <summary>Adds a project that the AppHost references, with the launch profile of that name.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var path = new TProject().ProjectPath;
        var preferred = builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"];
        var profile = LaunchProfile.Choose(path, launchProfileName, preferred);
        var project = builder.AddResource(new ProjectResource(name)
        {
            ProjectPath = path,
            AssemblyPath = BuildMetadata.Of(builder.AppHostAssembly, BuildMetadata.OutputOf(path)),
            LaunchProfile = profile,
            Endpoints = profile?.Endpoints() ?? [],
        });
        project.Resource.Environment.Add(variables => ProjectEnvironment.AddDefaults(variables, project.Resource, (DistributedApplicationBuilder)builder));
        return project;
    }
}
