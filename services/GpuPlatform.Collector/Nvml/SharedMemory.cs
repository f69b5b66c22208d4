using GpuPlatform.Collector.Host;
using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// The host's memory, which is also the GPU's on chips without memory of their own. Kept open: to open the file at every tick would
/// allocate. Safe for several threads.
/// </summary>
internal sealed class SharedMemory(string root = "/") : IDisposable
{
    // MemTotal, MemFree and MemAvailable are the first three lines
    private const int HeadBytes = 512;

    private readonly string _path = Path.Combine(root, "proc/meminfo");
    private SafeFileHandle? _file;

    /// <summary>All memory and what of it can still be allocated; null where the kernel does not say.</summary>
    public (long TotalBytes, long FreeBytes)? Read()
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        try
        {
            var file = _file ??= File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            head = head[..RandomAccess.Read(file, head, fileOffset: 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
        return HostReader.MemoryBytes(head, "MemTotal:"u8) is > 0 and var total
            && HostReader.MemoryBytes(head, "MemAvailable:"u8) is { } free && free <= total ? (total, free) : null;
    }

    public void Dispose() => _file?.Dispose();
}
