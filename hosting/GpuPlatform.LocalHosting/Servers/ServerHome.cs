using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting.Servers;

/// <summary>The folder that one AppHost holds while it runs: the servers' data and their passwords.</summary>
internal sealed class ServerHome : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly FileStream? _lock;

    private ServerHome(string folder, FileStream? heldLock) => (Folder, _lock) = (folder, heldLock);

    public string Folder { get; }

    /// <summary>Data that nobody will want again: no durability, removed at the end.</summary>
    public bool IsTemporary => _lock is null;

    public static ServerHome Temporary()
    {
        var folder = Directory.CreateTempSubdirectory("gpuplatform-").FullName;
        if (Environment.IsPrivilegedProcess) File.SetUnixFileMode(folder, Passable);
        return new(folder, null);
    }

    public static async Task<ServerHome> OpenAsync(string folder, int wardenProcessId, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder, Environment.IsPrivilegedProcess ? Passable : Passable & ~(UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The data folder {folder} cannot be made ({problem.Message}); set {DataFolder.Override} to another.", problem);
        }

        var owner = Path.Combine(folder, "owner");
        var heldLock = Lock(folder, owner);
        try
        {
            await WaitForWardenAsync(owner, cancellationToken);
            RefuseLeftovers(folder);
            await File.WriteAllTextAsync(owner, $"{Environment.ProcessId} {wardenProcessId}\n", cancellationToken);
            return new(folder, heldLock);
        }
        catch
        {
            await heldLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Made once per server and kept; never printed, never on a command line.</summary>
    public string Password(string name)
    {
        var file = Path.Combine(Folder, "passwords.json");
        var passwords = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))! : [];
        if (passwords.TryGetValue(name, out var password)) return password;
        if (Directory.Exists(Path.Combine(Folder, name)))
            throw new DistributedApplicationException($"{file} has no password for '{name}', yet {Path.Combine(Folder, name)} holds its data. Restore the file, or remove that folder to begin anew.");
        passwords[name] = password = RandomNumberGenerator.GetString(Alphabet, 22);
        Save(file, JsonSerializer.Serialize(passwords));
        return password;
    }

    /// <summary>A folder inside, owned by the user that the server runs as; refuses one that this user cannot enter.</summary>
    public async Task<string> FolderForAsync(string name, string? user, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is null) return folder;
        await ChildProcess.RunAsync(new("chown", "-R", $"{user}:", folder), cancellationToken);
        var (exitCode, _) = await ChildProcess.RunAsync(new("test", "-w", folder) { User = user }, cancellationToken);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException(
                $"The user '{user}', as whom '{name}' runs because it must not run as root, cannot enter {folder}. Set {DataFolder.Override} to a folder whose parents let others pass (such as /var/lib/gpuplatform).");
        }

        return folder;
    }

    /// <summary>Writes a file that nobody but its owner reads, from its first byte on.</summary>
    public static void Save(string file, string text)
    {
        var next = file + ".new";
        File.Delete(next);
        using (var stream = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream)) writer.Write(text);
        File.Move(next, file, overwrite: true);
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (IsTemporary && Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private static FileStream Lock(string folder, string owner)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem)
        {
            var holder = File.Exists(owner) ? $"process {File.ReadAllText(owner).Split(' ')[0]}" : "another process";
            throw new DistributedApplicationException($"Another AppHost ({holder}) uses the data in {folder}. End it first, or set {DataFolder.Override} to another folder.", problem);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new DistributedApplicationException($"The data folder {folder} belongs to another user; set {DataFolder.Override} to a folder of your own.", problem);
        }
    }

    // An AppHost that was killed leaves its warden ending the servers: they must be gone before the data is opened again.
    private static async Task WaitForWardenAsync(string owner, CancellationToken cancellationToken)
    {
        if (!File.Exists(owner)) return;
        var fields = (await File.ReadAllTextAsync(owner, cancellationToken)).Trim().Split(' ');
        if (fields.Length < 2 || !int.TryParse(fields[1], out var warden)) return;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience && IsWarden(warden)) await Task.Delay(100, cancellationToken);
    }

    // An AppHost killed together with its warden leaves servers behind: a second broker on the same files would ruin them.
    private static void RefuseLeftovers(string folder)
    {
        if (!Directory.Exists("/proc")) return;
        var left = Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)
            && new DirectoryInfo($"{path}/cwd").LinkTarget is { } place && (place + "/").StartsWith(folder + "/", StringComparison.Ordinal)).Select(Path.GetFileName).ToList();
        if (left.Count > 0)
            throw new DistributedApplicationException($"Servers of an earlier run, whose AppHost was killed, still use {folder}. End them with: kill -TERM {string.Join(' ', left)}");
    }

    private static bool IsWarden(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Contains(Warden.Mark, StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
