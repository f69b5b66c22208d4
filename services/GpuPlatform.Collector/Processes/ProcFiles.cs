using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Processes;

/// <summary>Files under <c>/proc</c>, which may be gone, or closed to this user, at any moment.</summary>
internal static class ProcFiles
{
    /// <summary>Null when it is gone or closed to this user. Nothing is locked: others may watch the same process.</summary>
    public static SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As much as the buffer takes; empty when it cannot be read. Files under /proc report length 0, so they are read to their end.</summary>
    public static ReadOnlySpan<byte> Read(string path, byte[] buffer)
    {
        using var file = Open(path);
        if (file is null)
            return [];
        try
        {
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(length), length) is var read and > 0)
                length += read;
            return buffer.AsSpan(0, length);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
