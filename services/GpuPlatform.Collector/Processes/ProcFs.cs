using System.Buffers;
using System.Buffers.Text;
using System.Text;
using GpuPlatform.Collector.Processes.Steam;

namespace GpuPlatform.Collector.Processes;

/// <summary>Processes as Linux shows them under <c>/proc</c>; one may be gone, or closed to this user, between any two reads.</summary>
internal sealed class ProcFs(string root = "/", SteamLibraries? steam = null) : IProcessReader
{
    private const int MostBytes = 16 * 1024;
    private const int MostAncestors = 16;

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly UserNames _users = new(root);
    private readonly ProcessIdentities _identities = new(Path.Combine(root, "proc"));

    public bool TryReadStamp(int pid, out ProcessStamp stamp) => _identities.TryRead(pid, out stamp);

    public void EndTick() => _identities.ForgetUnasked();

    public ProcessFacts Read(int pid)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
        try
        {
            if (!ProcStat.TryParse(ReadFile(pid, "stat", buffer), out var stat))
                return ProcessFacts.Unknown;
            var (name, parent) = (ProcessText.Clean(stat.Name), stat.ParentPid);
            var (controlGroup, scope) = ControlGroups.Read(ReadFile(pid, "cgroup", buffer));
            return WithGame(new ProcessFacts
            {
                Name = name,
                Ancestors = Ancestors(parent),
                ExecutablePath = Target(pid, "exe"),
                CommandLine = CommandLine(ReadFile(pid, "cmdline", buffer), isCut: length => length == buffer.Length),
                UserName = UserName(ReadFile(pid, "status", buffer)),
                ControlGroup = controlGroup,
                Scope = scope,
                Environment = Environment(pid),
                WorkingDirectory = Target(pid, "cwd"),
            });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ProcessFacts WithGame(ProcessFacts facts)
    {
        var mayCome = false;
        return steam?.Find(facts, out mayCome) is { } game ? facts with { Game = game } : facts with { MoreMayCome = mayCome };
    }

    private string PathOf(int pid, string file) => Path.Combine(_proc, $"{pid}", file);

    private ReadOnlySpan<byte> ReadFile(int pid, string file, byte[] buffer) => ProcFiles.Read(PathOf(pid, file), buffer);

    private List<string> Ancestors(int parent)
    {
        var names = new List<string>();
        var buffer = new byte[1024];
        while (parent > 0 && names.Count < MostAncestors && ProcStat.TryParse(ReadFile(parent, "stat", buffer), out var stat))
        {
            names.Add(ProcessText.Clean(stat.Name) ?? "?");
            parent = stat.ParentPid;
        }
        return names;
    }

    private string? Target(int pid, string link)
    {
        try
        {
            return new FileInfo(PathOf(pid, link)).LinkTarget is { } target ? CommandLineRedaction.Show(target) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string>? CommandLine(ReadOnlySpan<byte> bytes, Func<int, bool> isCut)
    {
        if (bytes.IsEmpty)
            return null;
        // Of a secret that is cut not even the beginning may be shown
        var missing = isCut(bytes.Length);
        if (missing)
            bytes = bytes[..(bytes.LastIndexOf((byte)0) + 1)];
        var arguments = new List<string>();
        // A process that renames itself leaves the rest of its old arguments as zeros
        foreach (var range in bytes.TrimEnd((byte)0).Split((byte)0))
            arguments.Add(Encoding.UTF8.GetString(bytes[range]));
        var safe = CommandLineRedaction.Redact(arguments);
        if (missing && safe is not [.., CommandLineRedaction.More])
            safe.Add(CommandLineRedaction.More);
        return safe;
    }

    private string? UserName(ReadOnlySpan<byte> status)
    {
        var label = "\nUid:\t"u8;
        var start = status.IndexOf(label);
        return start >= 0 && Utf8Parser.TryParse(status[(start + label.Length)..], out uint uid, out _) ? _users.NameOf(uid) : null;
    }

    private SortedDictionary<string, string>? Environment(int pid)
    {
        using var file = ProcFiles.Open(PathOf(pid, "environ"));
        try
        {
            return file is null ? null : ProcessEnvironment.Read(file);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
