using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// The instances of one GPU that can be split (MIG). Slots are looked through at the opening, when the mode changes, when an instance dies,
/// and once a minute; in between an empty slot is not asked, because an administrator rarely makes instances.
/// </summary>
internal sealed class MigInstances(
    NvmlSession session, NvmlApi api, NvmlStatusFunnel funnel, NvmlAnswers answers, NvmlDevice device, GpuIdentity gpu, NvmlSettings settings)
    : IDisposable
{
    private const uint MostSlots = 64;
    private const uint Enabled = 1;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private readonly NvmlQuery _mode = answers.Query("nvmlDeviceGetMigMode");
    private readonly NvmlQuery _slotCount = answers.Query("nvmlDeviceGetMaxMigDeviceCount");
    private readonly List<MigInstance> _everOpened = [];
    private volatile IReadOnlyList<MigInstance> _current = [];
    private bool? _isEnabled;
    private long _lookedAt;

    /// <summary>The instances; another list when they have changed.</summary>
    public IReadOnlyList<MigInstance> Current => _current;

    /// <summary>Reads whether the GPU is split, and into what when that may have changed. Null when the driver does not say.</summary>
    public bool? Read()
    {
        if (!_mode.IsOpen)
            return null;
        var isEnabled = _mode.Accept(api.Mig.Mode.Read(device, out var mode, out _)) && mode <= Enabled ? mode == Enabled : (bool?)null;
        if (isEnabled is null)
            return null;
        var isChanged = _isEnabled is { } before && before != isEnabled;
        _isEnabled = isEnabled;
        if (isChanged)
            answers.Forget();
        if (isEnabled == false)
            Replace([]);
        else if (isChanged || _lookedAt == 0 || settings.Clock.GetElapsedTime(_lookedAt) >= LookInterval || _current.Any(instance => instance.IsDead))
            Look();
        return isEnabled;
    }

    public void Dispose() => _everOpened.ForEach(instance => instance.Dispose());

    private void Look()
    {
        _lookedAt = settings.Clock.GetTimestamp();
        if (!_slotCount.IsOpen || !_slotCount.Accept(api.Mig.SlotCount.Read(device, out var slots)) || slots > MostSlots)
            return;
        var found = new List<MigInstance>();
        for (var slot = 0u; slot < slots && !answers.IsGone; slot++)
            if (Open(slot) is { } instance)
                found.Add(instance);
        // What failed now is not gone: only a slot that says so is empty
        if (answers.HasFailure)
            found.AddRange(_current.Where(instance => !instance.IsDead && !found.Contains(instance)));
        Replace(found);
    }

    private void Replace(List<MigInstance> found)
    {
        if (!found.SequenceEqual(_current))
            _current = found;
    }

    private MigInstance? Open(uint slot)
    {
        var status = api.Mig.Instance(device, slot, out var handle);
        // An empty slot, by what the driver says to it
        if (status is NvmlStatus.NotFound or NvmlStatus.InvalidArgument)
            return null;
        if (!Answered("nvmlDeviceGetMigDeviceHandleByIndex", status)
            || !Answered("nvmlDeviceGetUUID", api.Uuid(handle, out var uuid)) || uuid is null)
            return null;
        var known = _current.FirstOrDefault(instance => instance.Identity.Uuid == uuid && instance.Device == handle && !instance.IsDead);
        return known ?? Create(handle, uuid);
    }

    private MigInstance Create(NvmlDevice handle, string uuid)
    {
        var name = Answered("nvmlDeviceGetName", api.Name(handle, out var text)) && text is not null ? text : $"{gpu.Name} MIG";
        var identity = new GpuIdentity(gpu.Index, uuid, name) { ParentUuid = gpu.Uuid };
        var instance = new MigInstance(session, api, funnel, handle, identity, device, ProfiledNumber(handle));
        _everOpened.Add(instance);
        return instance;
    }

    private uint? ProfiledNumber(NvmlDevice handle) =>
        settings.Profiling && Answered("nvmlDeviceGetGpuInstanceId", api.Mig.GpuInstance.Read(handle, out var id)) ? id : null;

    private bool Answered(string function, NvmlStatus status) => answers.Judge(function, status) == NvmlOutcome.Answered;
}
