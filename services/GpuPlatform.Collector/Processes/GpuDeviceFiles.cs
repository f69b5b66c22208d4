using System.Text;
using GpuPlatform.Collector.Drm;

namespace GpuPlatform.Collector.Processes;

/// <summary>Whether a process has opened a GPU, by its open files: NVIDIA's devices, DRM's, AMD's for compute, and that of WSL. No driver is asked.</summary>
internal sealed class GpuDeviceFiles(string root)
{
    private const int MostFiles = 8192;

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(Path.Combine(root, "proc") + "/");
    private readonly byte[] _path = new byte[4096];
    private readonly byte[] _target = new byte[64];

    /// <summary>Null when its files are not to be seen by this user. By one thread at a time.</summary>
    public bool? AreOpenIn(int pid)
    {
        var count = 0;
        using var handles = new NumberedEntries($"{_proc}/{pid}/fd");
        while (handles.MoveNext() && count++ < MostFiles)
            if (IsGpu(PosixNative.LinkTarget(ProcPath.Write(_path, _prefix, pid, "/fd/"u8, handles.Current), _target)))
                return true;
        return handles.WasDenied ? null : false;
    }

    private static bool IsGpu(ReadOnlySpan<byte> device) =>
        device.StartsWith("/dev/"u8) && device["/dev/".Length..] is var name
        && (name.StartsWith("nvidia"u8) || name.StartsWith("dri/"u8) || name.SequenceEqual("kfd"u8) || name.SequenceEqual("dxg"u8));
}
