using System.Runtime.InteropServices;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>An initialised library, until it is closed or says that it no longer is one.</summary>
internal sealed class NvmlSession : IDisposable
{
    private readonly NvmlSessionHandle _handle;
    private volatile bool _isLost;

    private NvmlSession(NvmlLibrary library, NvmlApi api, NvmlStatusFunnel funnel)
    {
        _handle = new NvmlSessionHandle(library, api, funnel);
        (Library, Api, Pci, Funnel) = (library, api, new NvmlPciApi(library), funnel);
    }

    public NvmlLibrary Library { get; }

    public NvmlApi Api { get; }

    public NvmlPciApi Pci { get; }

    public NvmlStatusFunnel Funnel { get; }

    /// <summary>True when a call said that the session is gone, and it must be opened anew.</summary>
    public bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>True when the driver has been closed, which waits for the last call to come back.</summary>
    public bool IsEnded => _handle.IsEnded;

    /// <summary>Initialises the library; null with the driver's answer when it does not.</summary>
    public static NvmlSession? Begin(NvmlLibrary library, NvmlStatusFunnel funnel, out NvmlStatus status)
    {
        var api = new NvmlApi(library);
        status = api.Init();
        if (status is NvmlStatus.Success or NvmlStatus.AlreadyInitialized)
            return new NvmlSession(library, api, funnel);
        funnel.Judge("nvmlInit", status);
        library.Dispose();
        return null;
    }

    /// <summary>Marks a driver call as being made, until disposed. Throws when the session has been closed.</summary>
    public Call Enter()
    {
        var isHeld = false;
        _handle.DangerousAddRef(ref isHeld);
        return new Call(_handle);
    }

    /// <summary>Something that needs the session.</summary>
    public readonly struct Call(SafeHandle session) : IDisposable
    {
        public void Dispose() => session.DangerousRelease();
    }

    /// <summary>Opens a GPU by its handle, with its instances; closed with the session.</summary>
    public NvmlGpu Add(NvmlDevice device, GpuIdentity identity, NvmlSettings settings)
    {
        var gpu = new NvmlGpu(this, Api, Funnel, device, identity, settings);
        _handle.Own(gpu);
        gpu.FindInstances();
        return gpu;
    }

    /// <summary>What the driver says of itself.</summary>
    public SourceInfo ReadVersions()
    {
        using var call = Enter();
        return new SourceInfo(SourceInfo.Nvml)
        {
            DriverVersion = Answered("nvmlSystemGetDriverVersion", Api.DriverVersion(out var driver)) ? driver : null,
            CudaVersion = Answered("nvmlSystemGetCudaDriverVersion", Api.CudaVersion(out var cuda)) ? NvmlText.CudaVersion(cuda) : null,
            NvmlVersion = Answered("nvmlSystemGetNVMLVersion", Api.NvmlVersion(out var nvml)) ? nvml : null,
        };
    }

    /// <summary>How many GPUs the driver lists, those asleep too.</summary>
    public NvmlStatus Count(out uint count)
    {
        using var call = Enter();
        var status = Api.DeviceCount(out count);
        IsLost |= Funnel.Judge("nvmlDeviceGetCount", status) == NvmlOutcome.SessionLost;
        return status;
    }

    /// <summary>Closes the driver, at once or behind the call that is in it.</summary>
    public void Dispose() => _handle.Dispose();

    private bool Answered(string function, NvmlStatus status) => Funnel.Judge(function, status) == NvmlOutcome.Answered;
}
