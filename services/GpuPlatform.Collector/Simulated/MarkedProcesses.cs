using System.Globalization;
using System.IO.Enumeration;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Simulated;

/// <summary>The real processes that carry a <see cref="GpuMark"/>. The environment of each is read once in its life; which are there, at every look.</summary>
internal sealed class MarkedProcesses(string root)
{
    private const int MostEnvironmentBytes = 128 << 10;

    private readonly Lock _gate = new();
    private readonly string _proc = Path.Combine(root, "proc");
    private readonly ProcessIdentities _identities = new(Path.Combine(root, "proc"));
    private readonly Dictionary<(int Pid, ProcessStamp Stamp), GpuMark?> _marks = [];
    private readonly byte[] _buffer = new byte[MostEnvironmentBytes];

    private static ReadOnlySpan<byte> Assignment => "GPUPLATFORM_SIMULATED_GPU="u8;

    /// <summary>Pid and mark of each, in no order.</summary>
    public List<(int Pid, GpuMark Mark)> Look()
    {
        lock (_gate)
        {
            var found = new List<(int, GpuMark)>();
            var seen = new HashSet<(int, ProcessStamp)>();
            foreach (var pid in Pids())
            {
                // A process that has ended and is not waited for yet has no memory any more
                if (!_identities.TryRead(pid, out var stamp) || stamp.Program is null) continue;
                // Another program in the same process has another environment
                seen.Add((pid, stamp));
                if (!_marks.TryGetValue((pid, stamp), out var mark)) _marks[(pid, stamp)] = mark = MarkOf(pid);
                if (mark is { } known) found.Add((pid, known));
            }
            foreach (var gone in _marks.Keys.Where(key => !seen.Contains(key)).ToList()) _marks.Remove(gone);
            _identities.ForgetUnasked();
            return found;
        }
    }

    /// <summary>Whether one process carries a mark.</summary>
    public bool IsMarked(int pid)
    {
        lock (_gate) return MarkOf(pid) is not null;
    }

    private FileSystemEnumerable<int> Pids() => new FileSystemEnumerable<int>(_proc, (ref FileSystemEntry entry) =>
        int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0,
        new EnumerationOptions { IgnoreInaccessible = true })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName[0] is >= '1' and <= '9',
    };

    private GpuMark? MarkOf(int pid)
    {
        var environment = ProcFiles.Read(Path.Combine(_proc, $"{pid}", "environ"), _buffer);
        foreach (var part in environment.Split((byte)0))
            if (environment[part].StartsWith(Assignment)) return GpuMark.Parse(environment[part][Assignment.Length..]);
        return null;
    }
}
