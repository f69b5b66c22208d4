using System.Buffers.Text;
using System.Globalization;
using GpuPlatform.Collector.Processes;
using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Guard.ProcessEvents;

/// <summary>
/// Looks now and then which process numbers the kernel has given out: one read of one small file (<c>/proc/loadavg</c>, its last field), and whether
/// they are processes or threads. Those are the numbers of the reader's own namespace. Where the processes are seen through the <c>/proc</c> of another one,
/// the count of all processes since boot is read (<c>/proc/stat</c>), which takes longer and names none. Neither moves when a process ends: that may have
/// happened every time.
/// </summary>
internal sealed class ProcessCountPoll(string root, bool tellsOwnNumbers, TimeSpan interval) : IProcessNews
{
    private const int FirstBytes = 16 * 1024;
    private const int MostBytes = 1024 * 1024;

    // Of more than these it is not worth it to find out which are processes
    private const int MostNumbers = 256;

    private static ReadOnlySpan<byte> Label => "\nprocesses "u8;

    private static ReadOnlySpan<byte> GroupLabel => "\nTgid:\t"u8;

    private readonly ManualResetEvent _stop = new(false);
    private readonly string _proc = Path.Combine(root, "proc");
    private readonly string _path = Path.Combine(root, tellsOwnNumbers ? "proc/loadavg" : "proc/stat");
    private readonly byte[] _status = new byte[1024];
    private byte[] _buffer = new byte[tellsOwnNumbers ? 256 : FirstBytes];
    private SafeFileHandle? _file;
    private long? _last;

    /// <summary>Whether processes have the same numbers under this root as for the kernel's answers to this process.</summary>
    public static bool TellsOwnNumbers(string root)
    {
        try
        {
            return new FileInfo(Path.Combine(root, "proc/self")).LinkTarget == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public bool Wait(List<ProcessEvent> events)
    {
        _last ??= Read();
        if (_stop.WaitOne(interval))
            return false;
        Add(events, _last.Value, Read());
        events.Add(ProcessEvent.SomeEnded);
        return true;
    }

    public void Stop() => _stop.Set();

    public void Dispose()
    {
        _file?.Dispose();
        _stop.Dispose();
    }

    /// <summary>The number as it stands.</summary>
    internal long Read()
    {
        _file ??= ProcFiles.Open(_path) ?? throw new IOException($"{_path} cannot be read");
        var length = 0;
        while (RandomAccess.Read(_file, _buffer.AsSpan(length), length) is var read and > 0)
        {
            length += read;
            if (length == _buffer.Length && length < MostBytes)
                Array.Resize(ref _buffer, 2 * length);
        }
        return Number(_buffer.AsSpan(0, length), tellsOwnNumbers) ?? throw new IOException($"{_path} does not have the form it has on Linux");
    }

    private void Add(List<ProcessEvent> events, long before, long now)
    {
        _last = now;
        if (now == before)
            return;
        // After the highest number the kernel begins anew at a low one
        if (!tellsOwnNumbers || now < before || now - before > MostNumbers)
        {
            events.Add(ProcessEvent.SomeBegan);
            return;
        }
        for (var pid = (int)before + 1; pid <= now; pid++)
            if (IsProcess(pid))
                events.Add(new ProcessEvent(pid, HasEnded: false));
    }

    // Threads have numbers of the same row
    private bool IsProcess(int pid)
    {
        var status = ProcFiles.Read(Path.Combine(_proc, $"{pid}/status"), _status);
        return status.IndexOf(GroupLabel) is >= 0 and var at && Utf8Parser.TryParse(status[(at + GroupLabel.Length)..], out int group, out _) && group == pid;
    }

    private static long? Number(ReadOnlySpan<byte> text, bool isLoad)
    {
        if (isLoad)
            text = text.TrimEnd((byte)'\n');
        var at = isLoad ? text.LastIndexOf((byte)' ') + 1 : text.IndexOf(Label) + Label.Length;
        return at >= (isLoad ? 1 : Label.Length) && Utf8Parser.TryParse(text[at..], out long number, out _) ? number : null;
    }
}
