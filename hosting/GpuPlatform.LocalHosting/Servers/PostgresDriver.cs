using System.Diagnostics;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting.Servers;

/// <summary>A private PostgreSQL: a cluster of its own on a loopback port, in the foreground, never as root.</summary>
internal sealed class PostgresDriver(PostgresServerResource server, ServerHome home, Func<ProcessSpec, ChildProcess> start) : IResourceDriver
{
    private static readonly string[] ThrowAway = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static string? User => Environment.IsPrivilegedProcess ? "postgres" : null;

    public async Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
    {
        var folder = await home.FolderForAsync(server.Name, User, cancellationToken);
        var cluster = Path.Combine(folder, "cluster");
        var binaries = Binaries(cluster, NativeBinaries.Postgres());
        if (!Directory.Exists(cluster)) await InitialiseAsync(binaries, folder, cluster, cancellationToken);
        await RemoveStalePidFileAsync(cluster, cancellationToken);
        return start(Private(new ProcessSpec($"{binaries}/postgres", Arguments(cluster, server.Port, home.IsTemporary)) { EndSignal = "INT", EndStage = 2, WorkingDirectory = folder }));
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync(new($"{NativeBinaries.Postgres()[0]}/pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{server.Port}"), cancellationToken)).ExitCode == 0
        && (await QueryAsync(server, "postgres", "SELECT 1", cancellationToken)).ExitCode == 0;

    public async Task MakeReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var name in server.Databases.Select(database => database.DatabaseName))
        {
            var (_, known) = await QueryAsync(server, "postgres", $"SELECT 1 FROM pg_database WHERE datname = '{name.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);
            if (known == "1") continue;
            var (exitCode, output) = await QueryAsync(server, "postgres", $"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
            if (exitCode != 0) throw new DistributedApplicationException($"The database '{name}' could not be created: {output}");
        }
    }

    public static Task<(int ExitCode, string Output)> QueryAsync(PostgresServerResource server, string database, string sql, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(new($"{NativeBinaries.Postgres()[0]}/psql", "-X", "-w", "-A", "-t", "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", PostgresServerResource.UserName, "-d", database, "-c", sql)
        {
            Environment = new Dictionary<string, string> { ["PGPASSWORD"] = server.Password, ["PGCONNECT_TIMEOUT"] = "5" },
        }, cancellationToken);

    public static IReadOnlyList<string> Arguments(string cluster, int port, bool isThrowAway) =>
    [
        "-D", cluster, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "log_checkpoints=off", .. isThrowAway ? ThrowAway : [],
    ];

    /// <summary>The binaries of the version that wrote the cluster; the newest for a new one.</summary>
    public static string Binaries(string cluster, IReadOnlyList<string> installed)
    {
        var file = Path.Combine(cluster, "PG_VERSION");
        if (!File.Exists(file)) return installed[0];
        var version = File.ReadAllText(file).Trim();
        return installed.FirstOrDefault(folder => folder.Contains($"/{version}/", StringComparison.Ordinal) || folder.Contains($"-{version}/", StringComparison.Ordinal) || folder.Contains($"@{version}/", StringComparison.Ordinal))
            ?? throw new DistributedApplicationException(
                $"The data in {cluster} was written by PostgreSQL {version}, but installed is only {string.Join(", ", installed)}. Install PostgreSQL {version}, upgrade the data with pg_upgrade, or set {DataFolder.Override} to a new folder.");
    }

    private async Task InitialiseAsync(string binaries, string folder, string cluster, CancellationToken cancellationToken)
    {
        var (begun, passwordFile) = (cluster + ".new", Path.Combine(folder, "initial-password"));
        if (Directory.Exists(begun)) Directory.Delete(begun, recursive: true);
        ServerHome.Save(passwordFile, server.Password);
        if (User is { } user) await ChildProcess.RunAsync(new("chown", $"{user}:", passwordFile), cancellationToken);
        try
        {
            var (exitCode, output) = await ChildProcess.RunAsync(Private(new ProcessSpec($"{binaries}/initdb", "-D", begun, "-U", PostgresServerResource.UserName,
                $"--pwfile={passwordFile}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C") { WorkingDirectory = folder }), cancellationToken);
            if (exitCode != 0) throw new DistributedApplicationException($"initdb failed:\n{output}");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        // Only a whole cluster gets the name: an interrupted initdb is begun again.
        Directory.Move(begun, cluster);
    }

    // After a power loss the file may name a process that is now somebody else's; PostgreSQL would then refuse to start.
    private static async Task RemoveStalePidFileAsync(string cluster, CancellationToken cancellationToken)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse((await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault(), out var processId)) return;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience && new DirectoryInfo($"/proc/{processId}/cwd").LinkTarget == cluster) await Task.Delay(100, cancellationToken);
        if (new DirectoryInfo($"/proc/{processId}/cwd").LinkTarget == cluster)
            throw new DistributedApplicationException($"PostgreSQL process {processId} of an earlier run still uses {cluster}; end it with kill -INT {processId}.");
        File.Delete(file);
    }

    private static ProcessSpec Private(ProcessSpec spec) => spec with { User = User, CleanEnvironment = true, Environment = new Dictionary<string, string> { ["LC_ALL"] = "C" } };
}

/// <summary>A database: ready when it answers a query.</summary>
internal sealed class PostgresDatabaseDriver(PostgresDatabaseResource database) : IResourceDriver
{
    public Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken) => Task.FromResult<ChildProcess?>(null);

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        (await PostgresDriver.QueryAsync(database.Server, database.DatabaseName, "SELECT 1", cancellationToken)).ExitCode == 0;
}
