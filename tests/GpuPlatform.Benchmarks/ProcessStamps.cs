using System.Runtime.InteropServices;
using System.Text;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// What it costs to know, every tick, that a process is still the same: ours against the system calls alone, of which the kernel's making of
/// the line is the greatest part; with the file opened each time, and with it open.
/// </summary>
internal static partial class ProcessStamps
{
    private const int StampsPerCall = 100;
    private const int BufferBytes = 1024;

    public static async Task RunAsync()
    {
        var pid = Environment.ProcessId;
        var reader = new ProcFs();
        var path = Encoding.ASCII.GetBytes($"/proc/{pid}/stat\0");
        var open = OpenForReading(path);
        var (stamped, opened, kept) = (0, 0, 0);
        await Comparison.RunAsync("process-stamp", "process and tick", StampsPerCall,
            new Contender("ProcFs.TryReadStamp", () =>
            {
                for (var i = 0; i < StampsPerCall; i++)
                    stamped += reader.TryReadStamp(pid, out _) ? 1 : 0;
            }),
            new Contender("bare open, read, close", () =>
            {
                for (var i = 0; i < StampsPerCall; i++)
                {
                    var file = OpenForReading(path);
                    opened += ReadSome(file) > 0 ? 1 : 0;
                    _ = Close(file);
                }
            }),
            new Contender("bare read of the open file", () =>
            {
                for (var i = 0; i < StampsPerCall; i++)
                    kept += ReadSome(open) > 0 ? 1 : 0;
            }));
        if (stamped == 0 || stamped % StampsPerCall != 0 || opened % StampsPerCall != 0 || kept % StampsPerCall != 0 || Close(open) != 0)
            throw new InvalidOperationException("a contender did not read the process it runs in");
    }

    private static unsafe int OpenForReading(byte[] path)
    {
        fixed (byte* start = path)
            return Open(start, 0);
    }

    private static unsafe nint ReadSome(int file)
    {
        var buffer = stackalloc byte[BufferBytes];
        return ReadAt(file, buffer, BufferBytes, 0);
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static unsafe partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "pread")]
    private static unsafe partial nint ReadAt(int file, byte* buffer, nuint count, nint offset);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
