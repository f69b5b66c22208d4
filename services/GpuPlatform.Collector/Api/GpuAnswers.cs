using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Api;

/// <summary>The last sample as REST answers. One answer is made of one sample, whatever arrives meanwhile.</summary>
internal sealed class GpuAnswers(LatestSample latest, PresentGpus present, IVerdicts verdicts, TimeProvider clock)
{
    private const long BytesPerMebibyte = 1 << 20;

    public GpuDeviceList Devices(string? freshProblem = null)
    {
        var snapshot = latest.Gpus;
        var devices = Views(snapshot).Select(view => ToDevice(view, view.Sample.Error ?? latest.UnavailableReason(snapshot))).ToList();
        return Stamped(new GpuDeviceList { Devices = devices, Count = devices.Count, Source = snapshot.Source.Name }, snapshot, freshProblem);
    }

    public GpuDriver Driver(string? freshProblem = null)
    {
        var snapshot = latest.Gpus;
        var source = snapshot.Source;
        return Stamped(new GpuDriver
        {
            DriverVersion = source.DriverVersion,
            CudaDriverVersion = source.CudaVersion,
            NvmlVersion = source.NvmlVersion,
            Sources = Sources(snapshot),
        }, snapshot, freshProblem);
    }

    public GpuSummary Summary(string? freshProblem = null)
    {
        var snapshot = latest.Gpus;
        return Stamped(GpuSummaries.Of(Views(snapshot), latest.UnavailableReason(snapshot)), snapshot, freshProblem);
    }

    public GpuReportList Reports(string? freshProblem = null)
    {
        var snapshot = latest.Gpus;
        var reports = snapshot.SampledAt is { } at ? snapshot.Gpus.OrderBy(gpu => gpu.Index).Select(gpu => ToReport(snapshot, gpu, at)).ToList() : [];
        return Stamped(new GpuReportList { Gpus = reports, Count = reports.Count }, snapshot, freshProblem);
    }

    public GpuProcessList Processes(string? freshProblem = null)
    {
        var snapshot = latest.Gpus;
        var views = Views(snapshot);
        var processes = views.SelectMany(view => ToProcesses(view) ?? []).ToList();
        return Stamped(new GpuProcessList
        {
            Processes = processes,
            Count = processes.Count,
            ProcessesAgeSeconds = views.Max(view => Age(view.ProcessesReadAt)),
        }, snapshot, freshProblem);
    }

    public static IReadOnlyList<GpuSourceStatus> Sources(GpuSnapshot snapshot) => [.. snapshot.Sources.Select(source => new GpuSourceStatus
    {
        Name = source.Name,
        IsAvailable = source.UnavailableReason is null,
        UnavailableReason = source.UnavailableReason,
        Missing = source.Missing,
        DriverVersion = source.DriverVersion,
    })];

    public T Stamped<T>(T answer, GpuSnapshot snapshot, string? freshProblem) where T : GpuAnswer => answer with
    {
        SampledAt = snapshot.SampledAt,
        AgeSeconds = Age(snapshot.SampledAt),
        UnavailableReason = latest.UnavailableReason(snapshot),
        FreshProblem = freshProblem,
    };

    // A clock that was set back makes no reading younger than nothing
    private double? Age(DateTimeOffset? at) => at is { } then ? Math.Max(0, Math.Round((clock.GetUtcNow() - then).TotalSeconds, 3)) : null;

    private List<GpuView> Views(GpuSnapshot snapshot) =>
        snapshot.SampledAt is { } at ? [.. snapshot.Gpus.OrderBy(gpu => gpu.Index).Select(gpu => present.View(snapshot, gpu, at))] : [];

    private GpuReport ToReport(GpuSnapshot snapshot, GpuSample gpu, DateTimeOffset at)
    {
        var view = present.Living(snapshot.ViewOf(gpu.Uuid) ?? GpuView.Next(null, gpu, at));
        return new GpuReport
        {
            Readings = gpu with { Details = null, Processes = null },
            Details = view.Details,
            DetailsReadAt = view.DetailsReadAt,
            DetailsAgeSeconds = Age(view.DetailsReadAt),
            Processes = ToProcesses(view),
            ProcessesReadAt = view.ProcessesReadAt,
            ProcessesAgeSeconds = Age(view.ProcessesReadAt),
        };
    }

    private List<GpuProcessReport>? ToProcesses(GpuView view) =>
        view.Processes?.Select(usage => ToProcess(view.Sample, usage)).OrderByDescending(process => process.MemoryUsedBytes).ThenBy(process => process.Pid).ToList();

    private GpuProcessReport ToProcess(GpuSample gpu, GpuProcessUsage usage)
    {
        var known = latest.Processes.Find(gpu.Uuid, usage);
        var verdict = verdicts.Find(usage.Pid, usage.StartedAt)?.Verdict;
        return new GpuProcessReport
        {
            Pid = usage.Pid,
            StartedAt = usage.StartedAt,
            GpuIndex = gpu.Index,
            GpuUuid = gpu.Uuid,
            Name = known?.Name,
            ExecutablePath = known?.ExecutablePath,
            CommandLine = known?.CommandLine,
            UserName = known?.UserName,
            Ancestors = known?.Ancestors,
            ControlGroup = known?.ControlGroup,
            Scope = known?.Scope,
            Environment = known?.Environment,
            Context = known?.Context,
            MemoryUsedBytes = usage.MemoryUsedBytes,
            SmPercent = usage.SmPercent,
            MemoryPercent = usage.MemoryPercent,
            EncoderPercent = usage.EncoderPercent,
            DecoderPercent = usage.DecoderPercent,
            Kind = verdict?.Kind,
            Confidence = verdict?.Confidence,
            Rule = verdict?.Rule,
            Reason = verdict?.Reason,
        };
    }

    private GpuDevice ToDevice(GpuView view, string? error)
    {
        var (gpu, details) = (view.Sample, view.Details);
        return new GpuDevice
        {
            Index = gpu.Index,
            Name = gpu.Name,
            TotalMemoryMb = gpu.MemoryTotalBytes / BytesPerMebibyte,
            FreeMemoryMb = gpu.MemoryFreeBytes / BytesPerMebibyte,
            UsedMemoryMb = gpu.MemoryUsedBytes / BytesPerMebibyte,
            UtilizationPercent = gpu.UtilizationPercent,
            TemperatureC = gpu.TemperatureCelsius,
            IsAvailable = error is null && gpu.State == GpuState.Active,
            ErrorMessage = error ?? (gpu.State == GpuState.Sleeping ? "sleeping; to read it would wake it" : null),
            Uuid = gpu.Uuid,
            State = gpu.State,
            ParentUuid = gpu.ParentUuid,
            Vendor = details?.Facts?.Vendor,
            PciBusId = details?.Facts?.PciBusId,
            ReservedMemoryMb = gpu.MemoryReservedBytes / BytesPerMebibyte,
            MemoryIsShared = gpu.MemoryIsShared,
            MemoryUtilizationPercent = gpu.MemoryUtilizationPercent,
            EncoderUtilizationPercent = details?.EncoderUtilizationPercent,
            DecoderUtilizationPercent = details?.DecoderUtilizationPercent,
            PowerWatts = gpu.PowerWatts,
            PowerLimitWatts = gpu.PowerLimitWatts,
            EnergyJoules = gpu.EnergyJoules,
            GraphicsClockMegahertz = details?.GraphicsClockMegahertz,
            SmClockMegahertz = details?.SmClockMegahertz,
            MemoryClockMegahertz = details?.MemoryClockMegahertz,
            PerformanceState = details?.PerformanceState,
            Fans = details?.Fans,
            ThrottleReasons = details?.ThrottleReasons,
            ProcessCount = view.Processes?.Count,
            DetailsAgeSeconds = Age(view.DetailsReadAt),
        };
    }
}
