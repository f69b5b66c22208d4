using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>
/// Reads what somebody says of a process: an example in a rule file, or what is posted. Every field may be missing; one that is unknown or has
/// another form is a problem.
/// </summary>
internal sealed class DescriptorReader(NodeValues values)
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "name", "exe", "cmdline", "context", "gpuMemoryBytes", "smPercent", "encoderPercent", "decoderPercent", "environment", "parent", "ancestors",
        "cgroup", "os", "workingDirectory", "runtime", "application", "game", "course",
    ];

    private const int MostArguments = 4096, MostAncestors = 64, MostVariables = 256;

    public ProcessEvidence Read(Node node, string at) => Read(node, at, Fields);

    /// <param name="node">An object.</param>
    /// <param name="at">Key that leads to it.</param>
    /// <param name="known">Its fields, and those beside them that somebody else reads.</param>
    public ProcessEvidence Read(Node node, string at, IReadOnlyCollection<string> known)
    {
        var observed = new GpuProcessObserved
        {
            NodeId = "", GpuUuid = "", Pid = 0, StartedAt = default, ObservedAt = default, Change = ProcessChange.Started,
        };
        var (os, parent) = ((string?)null, (string?)null);
        foreach (var (key, _, value) in values.Known(node, at, known))
        {
            var path = NodeValues.Join(at, key);
            if (key == "os")
                os = values.Word(value, path, Vocabulary.SystemWords) is { } index ? Vocabulary.Systems[index] : null;
            else if (key == "parent")
                parent = values.Text(value, path);
            else
                observed = Take(observed, key, value, path);
        }

        if (parent is not null && (observed.Ancestors is not [var first, ..] || first != parent))
            observed = observed with { Ancestors = [parent, .. observed.Ancestors ?? []] };
        return ProcessEvidence.From(observed, os);
    }

    private GpuProcessObserved Take(GpuProcessObserved observed, string key, Node value, string path) => key switch
    {
        "name" => observed with { Name = values.Text(value, path) },
        "exe" => observed with { ExecutablePath = values.Text(value, path) },
        "cmdline" => observed with { CommandLine = Arguments(value, path) },
        "cgroup" => observed with { ControlGroup = values.Text(value, path) },
        "workingDirectory" => observed with { WorkingDirectory = values.Text(value, path) },
        "context" => observed with { Context = values.Word(value, path, Vocabulary.Contexts, Vocabulary.ContextWords) },
        "gpuMemoryBytes" => observed with { MemoryUsedBytes = Bytes(value, path) },
        "smPercent" => observed with { SmPercent = values.Number(value, path, 0, 100) },
        "encoderPercent" => observed with { EncoderPercent = values.Number(value, path, 0, 100) },
        "decoderPercent" => observed with { DecoderPercent = values.Number(value, path, 0, 100) },
        "environment" => observed with { Environment = Variables(value, path) },
        "ancestors" => observed with { Ancestors = values.Texts(value, path, MostAncestors) },
        "runtime" => observed with { Scope = (observed.Scope ?? new()) with { Runtime = values.Word(value, path, Vocabulary.Runtimes) } },
        "application" => observed with { Scope = (observed.Scope ?? new()) with { ApplicationId = values.Text(value, path) } },
        "game" => observed with { Game = values.Text(value, path) is { } game ? new InstalledGame { AppId = 0, Name = game } : null },
        "course" => observed with { Course = Course(value, path) },
        _ => observed,
    };

    private IReadOnlyList<string>? Arguments(Node value, string path)
    {
        if (value is ListNode)
            return values.Texts(value, path, MostArguments);
        if (value is ScalarNode)
            return values.Text(value, path) is { } line ? CommandLine.Split(line) : null;
        values.Problems.Add(value, path, $"is {NodeValues.Form(value)}; accepted is a list of texts, or one text that is divided at its spaces");
        return null;
    }

    private SortedDictionary<string, string>? Variables(Node value, string path)
    {
        if (value is not MapNode { Entries.Count: <= MostVariables } map)
        {
            values.Problems.Add(value, path, $"is {NodeValues.Form(value)}; accepted is an object of at most {MostVariables} names and texts");
            return null;
        }
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _, text) in map.Entries)
            if (values.Text(text, NodeValues.Join(path, name)) is { } known)
                variables[name] = known;
        return variables;
    }

    private ProcessCourse Course(Node value, string path)
    {
        string[] known = ["spanSeconds", "smMeanPercent", "smBusyPercent", "memoryFirstBytes", "memoryLastBytes", "memoryPeakBytes"];
        var course = new ProcessCourse { SpanSeconds = 0 };
        foreach (var (key, _, number) in values.Known(value, path, known))
        {
            var at = NodeValues.Join(path, key);
            course = key switch
            {
                "spanSeconds" => course with { SpanSeconds = values.Number(number, at, 0, 86_400) ?? 0 },
                "smMeanPercent" => course with { SmMeanPercent = values.Number(number, at, 0, 100) },
                "smBusyPercent" => course with { SmBusyPercent = values.Number(number, at, 0, 100) },
                "memoryFirstBytes" => course with { MemoryFirstBytes = Bytes(number, at) },
                "memoryLastBytes" => course with { MemoryLastBytes = Bytes(number, at) },
                _ => course with { MemoryPeakBytes = Bytes(number, at) },
            };
        }
        return course;
    }

    private long? Bytes(Node value, string path) => (long?)values.Number(value, path, 0, 1L << 50);
}
