using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;

namespace GpuPlatform.History.Ingest;

/// <summary>
/// Finds the first impossible field of a message. The answer names the reason and, after a colon, the field; null means that the message can be stored.
/// </summary>
internal sealed class MessageRules(TimeProvider time, TimeSpan maxClockLead)
{
    private const int MostGpus = 256;
    private const int MostProcesses = 4096;
    private const int MostArguments = 8192;
    private const int MostProblems = 64;
    private const int MostRules = 256;
    private const double MostLoad = 1e9;

    /// <summary>A megawatt for thirty years.</summary>
    internal const double MostJoules = 1e15;

    internal static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Processes may be older than this product: a host may have been up, or its clock wrong, for long.</summary>
    internal static readonly DateTimeOffset EarliestStart = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string? Check(GpuSampled message)
    {
        if ((Id("nodeId", message.NodeId, TextLimits.NodeId) ?? Instant("sampledAt", message.SampledAt, Earliest)) is { } problem)
            return problem;
        if (message.Gpus is null)
            return "missing:gpus";
        if (message.Gpus.Count > MostGpus)
            return "too-many:gpus";
        for (var i = 0; i < message.Gpus.Count; i++)
        {
            if (message.Gpus[i] is not { } gpu)
                return "missing:gpus";
            if (Gpu(gpu) is { } wrong)
                return wrong;
            for (var j = 0; j < i; j++)
                if (message.Gpus[j].Uuid == gpu.Uuid)
                    return "twice:uuid";
        }

        return null;
    }

    public string? Check(HostSampled message) =>
        Id("nodeId", message.NodeId, TextLimits.NodeId) ?? Instant("sampledAt", message.SampledAt, Earliest)
        ?? Percent("cpuPercent", message.CpuPercent) ?? Bytes("memoryTotalBytes", message.MemoryTotalBytes)
        ?? Bytes("memoryUsedBytes", message.MemoryUsedBytes) ?? Bytes("logicalProcessorCount", message.LogicalProcessorCount)
        ?? Bytes("taskCount", message.TaskCount) ?? Range("loadAverage1Minute", message.LoadAverage1Minute, 0, MostLoad)
        ?? Range("loadAverage5Minutes", message.LoadAverage5Minutes, 0, MostLoad)
        ?? Range("loadAverage15Minutes", message.LoadAverage15Minutes, 0, MostLoad)
        ?? Percent("averageGpuUtilizationPercent", message.AverageGpuUtilizationPercent)
        ?? (message.Collector is { } collector ? Collector(collector) : "missing:collector");

    public string? Check(GpuProcessObserved message) =>
        Process(message.NodeId, message.Pid, message.StartedAt) ?? Id("gpuUuid", message.GpuUuid, TextLimits.GpuUuid)
        ?? Instant("observedAt", message.ObservedAt, Earliest)
        ?? (Enum.IsDefined(message.Change) ? null : "unknown:change")
        ?? (message.Context is not { } context || Enum.IsDefined(context) ? null : "unknown:context")
        ?? Length("name", message.Name, TextLimits.Name) ?? Length("executablePath", message.ExecutablePath, TextLimits.Path)
        ?? Length("userName", message.UserName, TextLimits.Name) ?? Length("controlGroup", message.ControlGroup, TextLimits.Path)
        ?? List("commandLine", message.CommandLine) ?? List("ancestors", message.Ancestors) ?? Bytes("memoryUsedBytes", message.MemoryUsedBytes)
        ?? Scope(message.Scope) ?? Environment(message.Environment);

    public string? Check(ProcessClassified message) =>
        Process(message.NodeId, message.Pid, message.StartedAt) ?? Instant("observedAt", message.ObservedAt, Earliest)
        ?? (Enum.IsDefined(message.Kind) ? null : "unknown:kind") ?? Range("confidence", message.Confidence, 0, 1)
        ?? Id("rule", message.Rule, TextLimits.Name)
        ?? (message.Reason is null ? "missing:reason" : Length("reason", message.Reason, TextLimits.Reason)) ?? Rules(message.Rules);

    private string? Process(string? nodeId, int pid, DateTimeOffset startedAt) =>
        Id("nodeId", nodeId, TextLimits.NodeId) ?? (pid > 0 ? null : "not-positive:pid") ?? Instant("startedAt", startedAt, EarliestStart);

    private string? Gpu(GpuSample gpu) =>
        Id("uuid", gpu.Uuid, TextLimits.GpuUuid) ?? Bytes("index", gpu.Index)
        ?? (gpu.Name is null ? "missing:name" : Length("name", gpu.Name, TextLimits.Name))
        ?? Percent("utilizationPercent", gpu.UtilizationPercent) ?? Percent("memoryUtilizationPercent", gpu.MemoryUtilizationPercent)
        ?? Bytes("memoryTotalBytes", gpu.MemoryTotalBytes) ?? Bytes("memoryUsedBytes", gpu.MemoryUsedBytes)
        ?? Bytes("memoryFreeBytes", gpu.MemoryFreeBytes) ?? Bytes("memoryReservedBytes", gpu.MemoryReservedBytes)
        ?? Range("temperatureCelsius", gpu.TemperatureCelsius, -273.15, 1000) ?? Range("powerWatts", gpu.PowerWatts, 0, 100_000)
        ?? Range("powerLimitWatts", gpu.PowerLimitWatts, 0, 100_000) ?? Length("error", gpu.Error, TextLimits.Reason)
        ?? Range("energyJoules", gpu.EnergyJoules, 0, MostJoules) ?? (Enum.IsDefined(gpu.State) ? null : "unknown:state")
        ?? (gpu.ParentUuid is null ? null : Id("parentUuid", gpu.ParentUuid, TextLimits.GpuUuid))
        ?? (gpu.Details is { } details ? DetailRules.Check(details) ?? Xids(details.Xids) : null)
        ?? Processes(gpu.Processes);

    private string? Xids(IReadOnlyList<GpuXid>? xids)
    {
        foreach (var xid in xids ?? [])
            if (Instant("details.xids.lastAt", xid.LastAt, EarliestStart) is { } problem)
                return problem;
        return null;
    }

    private string? Processes(IReadOnlyList<GpuProcessUsage>? processes)
    {
        if (processes is null)
            return null;
        if (processes.Count > MostProcesses)
            return "too-many:processes";
        foreach (var process in processes)
        {
            if (process is null)
                return "missing:processes";
            if (process.Pid <= 0)
                return "not-positive:pid";
            if ((Instant("startedAt", process.StartedAt, EarliestStart) ?? Bytes("memoryUsedBytes", process.MemoryUsedBytes)
                ?? Percent("smPercent", process.SmPercent) ?? Percent("memoryPercent", process.MemoryPercent)
                ?? Percent("encoderPercent", process.EncoderPercent) ?? Percent("decoderPercent", process.DecoderPercent)) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? Collector(CollectorStatus collector) =>
        Id("collector.version", collector.Version, TextLimits.Version) ?? Id("collector.gpuSource", collector.GpuSource, TextLimits.Version)
        ?? Length("collector.gpuUnavailableReason", collector.GpuUnavailableReason, TextLimits.Reason)
        ?? Length("collector.driverVersion", collector.DriverVersion, TextLimits.Version)
        ?? Length("collector.cudaVersion", collector.CudaVersion, TextLimits.Version)
        ?? Length("collector.nvmlVersion", collector.NvmlVersion, TextLimits.Version)
        ?? Bytes("collector.messagesQueued", collector.MessagesQueued) ?? Bytes("collector.messagesDropped", collector.MessagesDropped)
        ?? Problems(collector.Problems);

    private static string? Problems(IReadOnlyList<string>? problems) =>
        problems is null || problems.Contains(null!) ? "missing:collector.problems"
        : problems.Count > MostProblems ? "too-many:collector.problems"
        : problems.Any(problem => problem.Length > TextLimits.Reason) ? "too-long:collector.problems"
        : null;

    internal static string? Id(string field, string? text, int limit) =>
        string.IsNullOrWhiteSpace(text) ? $"empty:{field}"
        : text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(char.IsControl) ? $"control-character:{field}"
        : Text.Clean(text) != text ? $"control-character:{field}"
        : Length(field, text, limit);

    internal string? Instant(string field, DateTimeOffset instant, DateTimeOffset earliest) =>
        instant < earliest ? $"too-old:{field}" : instant > time.GetUtcNow() + maxClockLead ? $"in-the-future:{field}" : null;

    internal static string? Length(string field, string? text, int limit) => text?.Length > limit ? $"too-long:{field}" : null;

    private static string? List(string field, IReadOnlyList<string>? texts) =>
        texts is null ? null
        : texts.Contains(null!) ? $"missing:{field}"
        : texts.Count > MostArguments || texts.Sum(text => (long)text.Length) > TextLimits.CommandLine ? $"too-long:{field}"
        : null;

    private static string? Rules(IReadOnlyList<FiredRule>? rules)
    {
        if (rules?.Count > MostRules)
            return "too-many:rules";
        foreach (var rule in rules ?? [])
        {
            if ((rule?.Reason is null ? "missing:rules" : Id("rules.name", rule.Name, TextLimits.Name) ?? Range("rules.confidence", rule.Confidence, 0, 1)
                ?? Length("rules.reason", rule.Reason, TextLimits.Reason) ?? (Enum.IsDefined(rule.Kind) ? null : "unknown:rules.kind")) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? Scope(ProcessScope? scope) =>
        scope is null ? null
        : (scope.Runtime is not { } runtime || Enum.IsDefined(runtime) ? null : "unknown:scope.runtime")
        ?? Length("scope.containerId", scope.ContainerId, TextLimits.Path) ?? Length("scope.podUid", scope.PodUid, TextLimits.Version)
        ?? Length("scope.unit", scope.Unit, TextLimits.Path) ?? Length("scope.applicationId", scope.ApplicationId, TextLimits.Path);

    private static string? Environment(IReadOnlyDictionary<string, string>? texts) =>
        texts is null ? null
        : texts.Values.Contains(null!) ? "missing:environment"
        : texts.Sum(pair => (long)pair.Key.Length + pair.Value.Length) > TextLimits.Environment ? "too-long:environment"
        : texts.Keys.Select(key => Id("environment", key, TextLimits.Name)).FirstOrDefault(problem => problem is not null);

    internal static string? Percent(string field, double? value) => Range(field, value, 0, 100);

    internal static string? Bytes(string field, long? value) => value < 0 ? $"negative:{field}" : null;

    internal static string? Range(string field, double? value, double lowest, double highest) =>
        value is not { } number ? null
        : !double.IsFinite(number) ? $"not-a-number:{field}"
        : number < lowest || number > highest ? $"out-of-range:{field}"
        : null;
}
