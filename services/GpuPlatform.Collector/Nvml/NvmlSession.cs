using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>An initialised library: versions, the GPUs it lists, and its orderly end.</summary>
internal sealed class NvmlSession : IDisposable
{
    // Far beyond any host; a garbage count must not become a garbage loop
    private const uint MostDevices = 256;

    private readonly NvmlApi _api;
    private readonly NvmlLibrary _library;
    private readonly NvmlStatusFunnel _funnel;
    private readonly NvmlSettings _settings;
    private readonly List<NvmlGpu> _gpus = [];
    private readonly NvmlGpuList _list = new();
    private readonly List<string> _missing = [];
    private volatile bool _isLost;
    private int _callsInFlight;
    private NvmlStatus _firstFailure;

    private NvmlSession(NvmlLibrary library, NvmlApi api, NvmlStatusFunnel funnel, NvmlSettings settings) =>
        (_library, _api, _funnel, _settings) = (library, api, funnel, settings);

    public IReadOnlyList<IGpu> Gpus => _list.Current;

    /// <summary>Takes note of instances of GPUs that came or went.</summary>
    public void Refresh() => _list.Update(_gpus);

    /// <summary>True when a call said that the session is gone, and it must be opened anew.</summary>
    public bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>Marks a driver call as being made, until disposed.</summary>
    public Call Enter()
    {
        Interlocked.Increment(ref _callsInFlight);
        return new Call(this);
    }

    /// <summary>A driver call in flight.</summary>
    public readonly struct Call(NvmlSession session) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref session._callsInFlight);
    }

    /// <summary>Opens the driver and every GPU it lists; null with a reason when there is nothing to read.</summary>
    public static NvmlSession? Open(NvmlLibrary library, NvmlStatusFunnel funnel, NvmlSettings settings, out SourceInfo info)
    {
        var api = new NvmlApi(library);
        var status = api.Init();
        if (status is not (NvmlStatus.Success or NvmlStatus.AlreadyInitialized))
        {
            funnel.Judge("nvmlInit", status);
            info = new SourceInfo(SourceInfo.None, InitFailure(status));
            return null;
        }
        var session = new NvmlSession(library, api, funnel, settings);
        var reason = session.OpenDevices();
        info = session.ReadVersions(reason);
        if (reason is null)
            return session;
        session.End();
        return null;
    }

    /// <summary>Closes the driver, unless a call hangs in it: to unload its code then would end the process with a fault, or never.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _callsInFlight) > 0)
            return;
        End();
        _library.Dispose();
    }

    private void End()
    {
        _gpus.ForEach(gpu => gpu.Dispose());
        _funnel.Judge("nvmlShutdown", _api.Shutdown());
    }

    private SourceInfo ReadVersions(string? reason) => new(reason is null ? SourceInfo.Nvml : SourceInfo.None, reason)
    {
        DriverVersion = Answered("nvmlSystemGetDriverVersion", _api.DriverVersion(out var driver)) ? driver : null,
        CudaVersion = Answered("nvmlSystemGetCudaDriverVersion", _api.CudaVersion(out var cuda)) ? NvmlText.CudaVersion(cuda) : null,
        NvmlVersion = Answered("nvmlSystemGetNVMLVersion", _api.NvmlVersion(out var nvml)) ? nvml : null,
        Missing = _missing.Count > 0 ? string.Join("; ", _missing) : null,
    };

    private string? OpenDevices()
    {
        if (!Answered("nvmlDeviceGetCount", _api.DeviceCount(out var count)) || count > MostDevices)
            return $"the NVIDIA driver answers but cannot count its GPUs: {NvmlStatusFunnel.Describe(_firstFailure)}";
        if (count == 0)
            return "the NVIDIA driver answers but lists no GPU; is one passed through to this machine or container?";
        for (var index = 0u; index < count; index++)
            OpenDevice(index);
        Refresh();
        return _gpus.Count > 0 ? null
            : $"the NVIDIA driver lists {count} GPU(s) but none can be opened: {NvmlStatusFunnel.Describe(_firstFailure)}";
    }

    // A GPU that does not tell its UUID has no identity, and nothing read from it could be attributed
    private void OpenDevice(uint index)
    {
        var status = _api.DeviceByIndex(index, out var device);
        string? uuid = null;
        if (!Answered("nvmlDeviceGetHandleByIndex", status)
            || !Answered("nvmlDeviceGetUUID", status = _api.Uuid(device, out uuid)) || uuid is null)
            _missing.Add($"GPU {index} cannot be opened: {NvmlStatusFunnel.Describe(status)}");
        if (uuid is null || _gpus.Exists(known => known.Identity.Uuid == uuid))
            return;
        var name = Answered("nvmlDeviceGetName", _api.Name(device, out var text)) ? text : null;
        var gpu = new NvmlGpu(this, _api, _funnel, device, new GpuIdentity((int)index, uuid, name ?? "NVIDIA GPU"), _settings);
        gpu.FindInstances();
        _gpus.Add(gpu);
    }

    private bool Answered(string function, NvmlStatus status)
    {
        if (_firstFailure == NvmlStatus.Success)
            _firstFailure = status;
        return _funnel.Judge(function, status) == NvmlOutcome.Answered;
    }

    private static string InitFailure(NvmlStatus status) => status switch
    {
        NvmlStatus.DriverNotLoaded =>
            "the NVIDIA kernel driver is not loaded; load it with 'modprobe nvidia' or start the machine again",
        NvmlStatus.LibRmVersionMismatch =>
            "the NVIDIA driver was updated but the old one is still loaded; start the machine again",
        NvmlStatus.NoPermission =>
            "no permission to open the NVIDIA driver; give this user read and write access to /dev/nvidiactl and /dev/nvidia*",
        NvmlStatus.OperatingSystem =>
            "the operating system or a device control group blocks the NVIDIA driver; allow the /dev/nvidia* devices",
        NvmlStatus.FunctionNotFound =>
            "the NVIDIA management library has no nvmlInit: it is not a library of a working driver; install the driver again",
        _ => $"the NVIDIA management library could not be initialised (code {(int)status})",
    };
}
