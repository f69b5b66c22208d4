using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>A process by Linux's <c>pidfd</c>. Called by number, since the C library of older systems has no name for it.</summary>
internal sealed partial class ProcessHandle : IDisposable
{
    public const int NotPermitted = 1;
    public const int NoSuchProcess = 3;

    // The same numbers on every architecture .NET runs on
    private const nint SendSignal = 424;
    private const nint OpenPid = 434;

    private readonly int _handle;

    private ProcessHandle(int handle) => _handle = handle;

    /// <summary>Null when there is none, or it may not be opened.</summary>
    public static ProcessHandle? Open(int pid, out int error)
    {
        var handle = SystemCall(OpenPid, pid, 0, 0, 0);
        error = handle < 0 ? Marshal.GetLastPInvokeError() : 0;
        return handle < 0 ? null : new ProcessHandle((int)handle);
    }

    /// <summary>The error's number; 0 when it was sent.</summary>
    public int Send(int signal) => SystemCall(SendSignal, _handle, signal, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;

    public void Dispose() => _ = Close(_handle);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
