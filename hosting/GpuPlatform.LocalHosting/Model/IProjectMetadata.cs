namespace GpuPlatform.LocalHosting;

/// <summary>Implemented by the classes of the namespace Projects, which the build generates from the AppHost's project references.</summary>
public interface IProjectMetadata
{
    /// <summary>Absolute path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>The AppHost's own build has built the project already.</summary>
    bool SuppressBuild => false;
}
