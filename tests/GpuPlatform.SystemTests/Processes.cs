using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.SystemTests;

/// <summary>What the tests need to know of processes, read from /proc.</summary>
internal static class Processes
{
    /// <summary>The process that listens on a loopback TCP port; null when none does.</summary>
    public static int? ListeningOn(int port)
    {
        var hexPort = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == "0A" && fields[1].EndsWith(hexPort, StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        return AllIds().Cast<int?>().FirstOrDefault(pid => Holds(pid!.Value, inodes));
    }

    /// <summary>Processes whose command line or environment contains <paramref name="mark"/>, this one excepted; zombies do not count.</summary>
    public static List<int> Mentioning(string mark) =>
        [.. AllIds().Where(pid => pid != Environment.ProcessId
            && (ReadText(pid, "cmdline").Contains(mark, StringComparison.Ordinal) || ReadText(pid, "environ").Contains(mark, StringComparison.Ordinal)))];

    /// <summary>The process with a command line that contains <paramref name="part"/> among those mentioning <paramref name="mark"/>.</summary>
    public static int Find(string mark, string part) =>
        Mentioning(mark).First(pid => ReadText(pid, "cmdline").Contains(part, StringComparison.Ordinal));

    /// <summary>Sends a signal by name (TERM, INT, KILL) to a process, or to a process group when the id is negative.</summary>
    public static void Signal(string name, int id)
    {
        using var kill = Process.Start("/bin/kill", ["-s", name, "--", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    static IEnumerable<int> AllIds() =>
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0).Where(pid => pid > 0);

    static bool Holds(int pid, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(fd => new FileInfo(fd).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string ReadText(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
