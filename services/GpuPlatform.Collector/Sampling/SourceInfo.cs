namespace GpuPlatform.Collector.Sampling;

/// <summary>What a source is, for people: <see cref="Name"/> is <c>nvml</c>, <c>simulated</c>, … or <c>none</c>.</summary>
internal sealed record SourceInfo(string Name, string? UnavailableReason = null)
{
    public const string Nvml = "nvml";
    public const string NvidiaSmi = "nvidia-smi";
    public const string Drm = "drm";
    public const string Simulated = "simulated";
    public const string None = "none";

    public string? DriverVersion { get; init; }

    public string? CudaVersion { get; init; }

    public string? NvmlVersion { get; init; }

    /// <summary>Which GPUs are there but could not be opened, and why; null when all were.</summary>
    public string? Missing { get; init; }

    /// <summary>With <see cref="UnavailableReason"/>: the host has no such hardware, which is no fault of anything.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>
    /// Several sources as one: what is open counts, and only when none is do the reasons; those of absent hardware only when there is no other.
    /// </summary>
    public static SourceInfo Combine(IReadOnlyList<SourceInfo> sources)
    {
        if (sources.Count == 1)
            return sources[0];
        var open = sources.Where(source => source.UnavailableReason is null).ToList();
        var reasons = sources.Where(source => !source.IsAbsent).DefaultIfEmpty(sources[0]).Select(source => source.UnavailableReason);
        var speaking = open.Find(source => source.DriverVersion is not null);
        return open.Count == 0
            ? new SourceInfo(None, string.Join("; ", reasons))
            : new SourceInfo(string.Join('+', open.Select(source => source.Name)))
            {
                DriverVersion = speaking?.DriverVersion,
                CudaVersion = speaking?.CudaVersion,
                NvmlVersion = speaking?.NvmlVersion,
                Missing = string.Join("; ", open.Select(source => source.Missing).OfType<string>()) is { Length: > 0 } missing ? missing : null,
            };
    }
}

/// <summary>What does not change about a GPU while a source is open.</summary>
internal sealed record GpuIdentity(int Index, string Uuid, string Name)
{
    /// <summary>The GPU this one is an instance of.</summary>
    public string? ParentUuid { get; init; }
}
