using System.Reflection;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>What the build wrote into the AppHost's assembly (see build/LocalHosting.targets).</summary>
internal static class BuildMetadata
{
    public const string AppHostDirectory = "apphostprojectpath";
    public const string EngineReason = "localhosting.reason";

    public static string OutputOf(string projectPath) => $"localhosting.output:{projectPath}";

    public static string? Of(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == key)?.Value;
}
