using System.Reflection;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>The words that rule files and descriptors share with the wire.</summary>
internal static class Vocabulary
{
    public static readonly IReadOnlyDictionary<string, WorkloadKind> Kinds = WordsOf<WorkloadKind>();

    public static readonly IReadOnlyDictionary<string, ProcessRuntime> Runtimes = WordsOf<ProcessRuntime>();

    /// <summary>As the wire writes them, and as people do.</summary>
    public static readonly IReadOnlyDictionary<string, GpuContext> Contexts = new Dictionary<string, GpuContext>(WordsOf<GpuContext>(), StringComparer.Ordinal)
    {
        ["c"] = GpuContext.Compute,
        ["g"] = GpuContext.Graphics,
        ["c+g"] = GpuContext.ComputeAndGraphics,
        ["graphics+compute"] = GpuContext.ComputeAndGraphics,
    };

    public static readonly IReadOnlyList<string> ContextWords = [.. WordsOf<GpuContext>().Keys];

    public static readonly IReadOnlyDictionary<string, Course> CourseWords = new Dictionary<string, Course>(StringComparer.Ordinal)
    {
        ["steady"] = Course.Steady,
        ["bursts"] = Course.Bursts,
        ["growing"] = Course.Growing,
    };

    /// <summary>Index in <see cref="Systems"/> by word. What runs in WSL is Linux.</summary>
    public static readonly IReadOnlyDictionary<string, int> SystemWords = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["linux"] = 0, ["wsl"] = 0, ["windows"] = 1, ["macos"] = 2, ["darwin"] = 2,
    };

    public static readonly IReadOnlyList<string> Systems = ["linux", "windows", "macos"];

    public static readonly IReadOnlyDictionary<string, int> Interpreters =
        new[] { "python", "java", "node", "julia", "r", "dotnet", "ruby", "perl", "shell" }.Select((word, index) => (word, index)).ToDictionary(pair => pair.word, pair => pair.index, StringComparer.Ordinal);

    public static string WordOf(WorkloadKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    private static Dictionary<string, T> WordsOf<T>() where T : struct, Enum => Enum.GetValues<T>().ToDictionary(
        value => typeof(T).GetField(value.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString().ToLowerInvariant(),
        value => value, StringComparer.Ordinal);
}
