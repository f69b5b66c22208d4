using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>Free ports, and who holds one that is not.</summary>
internal static class Ports
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly HashSet<int> Given = [];

    /// <summary>A free port below the range from which the kernel takes ports for outgoing connections, so that none takes it before its owner listens.</summary>
    public static int Free()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            lock (Given)
                if (IsFree(port) && Given.Add(port)) return port;
        }

        throw new DistributedApplicationException("No free port was found between 20000 and 32000.");
    }

    public static void Require(int port, ProjectResource project)
    {
        if (IsFree(port)) return;
        var holder = HolderOf(port) is { } process ? $"process {process.Id} ({process.Name})" : "another process";
        var settings = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "Properties", "launchSettings.json");
        throw new DistributedApplicationException(
            $"'{project.Name}' needs port {port}, but {holder} listens on it. End that process, or change applicationUrl in {settings}.");
    }

    public static bool IsFree(int port)
    {
        try
        {
            foreach (var address in Socket.OSSupportsIPv6 ? (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback])
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }

            return true;
        }
        catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static (int Id, string Name)? HolderOf(int port)
    {
        try
        {
            var sockets = SocketTables.Where(File.Exists).SelectMany(file => File.ReadLines(file).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == "0A" && int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber) == port)
                .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
                if (Holds(folder, sockets))
                    return (int.Parse(Path.GetFileName(folder)), File.ReadAllText($"{folder}/comm").Trim());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Without /proc the message names no process.
        }

        return null;
    }

    private static bool Holds(string processFolder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{processFolder}/fd").Any(entry => new FileInfo(entry).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
