using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting.Servers;

/// <summary>Installs the servers' packages where that is allowed, without letting a system service start; says how to where it is not.</summary>
internal static class NativePackages
{
    private const string StartPolicy = "/usr/sbin/policy-rc.d";
    private const string ClusterPolicy = "/etc/postgresql-common/createcluster.conf";

    public static async Task EnsureAsync(IReadOnlyCollection<Resource> resources, Action<string> say, CancellationToken cancellationToken)
    {
        var missing = Missing(resources);
        if (missing.Count == 0) return;
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get")) throw new DistributedApplicationException(Advice(missing, File.Exists));
        say($"Installing {string.Join(" and ", missing)} with apt-get (system services stay off) ...");
        await InstallAsync(missing, cancellationToken);
        if (Missing(resources) is { Count: > 0 } still) throw new DistributedApplicationException($"apt-get ended well, but {string.Join(" and ", still)} cannot be found.");
    }

    /// <summary>The one command for this machine.</summary>
    public static string Advice(IReadOnlyList<string> missing, Func<string, bool> exists)
    {
        string Names(string postgres, string rabbit) => string.Join(' ', missing.Select(package => package == "postgresql" ? postgres : rabbit));
        var command = exists("/usr/bin/apt-get") ? $"sudo apt-get install -y --no-install-recommends {Names("postgresql", "rabbitmq-server")}"
            : exists("/usr/bin/dnf") ? $"sudo dnf install -y {Names("postgresql-server", "rabbitmq-server")}"
            : exists("/usr/bin/pacman") ? $"sudo pacman -S {Names("postgresql", "rabbitmq")}"
            : exists("/usr/bin/zypper") ? $"sudo zypper install {Names("postgresql-server", "rabbitmq-server")}"
            : $"brew install {Names("postgresql@17", "rabbitmq")}";
        return $"""
            Not installed: {string.Join(", ", missing)}. Install with
                {command}
            and start again; the AppHost runs private servers of its own, so the system's services may stay off.
            Or start Docker or Podman, and the same AppHost.cs runs on Aspire and containers.
            """;
    }

    private static List<string> Missing(IReadOnlyCollection<Resource> resources)
    {
        var missing = new List<string>();
        if (resources.Any(resource => resource is PostgresServerResource) && NativeBinaries.Postgres().Count == 0) missing.Add("postgresql");
        if (resources.Any(resource => resource is RabbitMQServerResource) && (NativeBinaries.RabbitMq() is null || NativeBinaries.Epmd() is null)) missing.Add("rabbitmq-server");
        return missing;
    }

    private static async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        using var noStart = TemporaryFile.Write(StartPolicy, "#!/bin/sh\nexit 101\n", executable: true);
        using var noCluster = packages.Contains("postgresql") ? TemporaryFile.Write(ClusterPolicy, "create_main_cluster = false\n", executable: false) : null;
        var install = Apt(["install", "-y", "--no-install-recommends", .. packages]);
        if ((await ChildProcess.RunAsync(install, cancellationToken)).ExitCode != 0)
        {
            await ChildProcess.RunAsync(Apt(["update"]), cancellationToken);
            var (exitCode, output) = await ChildProcess.RunAsync(install, cancellationToken);
            if (exitCode != 0) throw new DistributedApplicationException($"apt-get could not install {string.Join(" and ", packages)}:\n{output}");
        }

        if (packages.Contains("rabbitmq-server") && Directory.Exists("/run/systemd/system"))
            await ChildProcess.RunAsync(new("systemctl", "disable", "--now", "rabbitmq-server", "epmd.socket", "epmd.service"), cancellationToken);
    }

    private static ProcessSpec Apt(IReadOnlyList<string> arguments) => new("apt-get", ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold", .. arguments])
    {
        Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" },
    };

    /// <summary>
    /// A file that is there for the time of an installation; one that was there before is left as it is. Where the package brings a
    /// file of that name, dpkg or ucf has put it beside ours (force-confold), and it takes its place in the end.
    /// </summary>
    private sealed class TemporaryFile(string path) : IDisposable
    {
        public static TemporaryFile? Write(string path, string text, bool executable)
        {
            if (File.Exists(path)) return null;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            if (executable) File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            return new(path);
        }

        public void Dispose()
        {
            File.Delete(path);
            foreach (var packaged in (string[])[path + ".dpkg-dist", path + ".ucf-dist"])
                if (File.Exists(packaged)) File.Move(packaged, path, overwrite: true);
        }
    }
}
