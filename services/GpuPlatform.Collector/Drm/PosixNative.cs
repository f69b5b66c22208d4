using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Drm;

/// <summary>
/// The calls that read a kernel file. Straight to the C library because its error number is half of the answer (EPERM: the GPU sleeps), and
/// because a missing file, which is ordinary here, must cost neither an exception nor an allocation.
/// </summary>
internal static unsafe partial class PosixNative
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int AccessDenied = 13;
    public const int NoDevice = 19;
    public const int NotADirectory = 20;
    public const int InvalidArgument = 22;
    public const int NoData = 61;
    public const int NotSupported = 95;

    // The same numbers on every architecture .NET runs on
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int CurrentDirectory = -100;
    private const int DoNotSync = 0x4000;
    private const uint BasicStats = 0x7ff;
    private const uint DrmMajor = 226;

    /// <summary>Reads a file from its start into the buffer; the bytes read, or the error number negated. The path ends in a zero.</summary>
    public static int ReadFile(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        int handle;
        fixed (byte* name = path)
            handle = Open(name, ReadOnlyCloseOnExec);
        if (handle < 0)
            return -Marshal.GetLastPInvokeError();
        var length = 0;
        var error = 0;
        fixed (byte* start = buffer)
            while (length < buffer.Length)
            {
                var count = Read(handle, start + length, (nuint)(buffer.Length - length));
                if (count < 0)
                    error = Marshal.GetLastPInvokeError();
                if (count <= 0)
                    break;
                length += (int)count;
            }
        _ = Close(handle);
        return error == 0 ? length : -error;
    }

    /// <summary>The target of a link: its bytes, none when it cannot be read. The path ends in a zero.</summary>
    public static ReadOnlySpan<byte> LinkTarget(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        nint length;
        fixed (byte* name = path)
        fixed (byte* start = buffer)
            length = ReadLink(name, start, (nuint)buffer.Length);
        return length > 0 ? buffer[..(int)length] : [];
    }

    /// <summary>Minor number of the DRM device behind a path; null when it is none, or gone. The path ends in a zero.</summary>
    public static int? DrmMinor(ReadOnlySpan<byte> path)
    {
        Stat stat = default;
        int result;
        fixed (byte* name = path)
            result = StatX(CurrentDirectory, name, DoNotSync, BasicStats, &stat);
        return result == 0 && stat.DeviceMajor == DrmMajor ? (int)stat.DeviceMinor : null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int handle, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "readlink")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadLink(byte* path, byte* buffer, nuint length);

    // statx rather than stat: its structure is the same everywhere
    [LibraryImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int directory, byte* path, int flags, uint mask, Stat* stat);

    /// <summary><c>struct statx</c>: stx_rdev_major and stx_rdev_minor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Stat
    {
        [FieldOffset(128)] public uint DeviceMajor;
        [FieldOffset(132)] public uint DeviceMinor;
    }
}
