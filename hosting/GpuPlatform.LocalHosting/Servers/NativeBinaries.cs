using System.Text.RegularExpressions;

namespace GpuPlatform.LocalHosting.Servers;

/// <summary>Where the servers' programs are.</summary>
internal static partial class NativeBinaries
{
    private static readonly string[] PostgresPatterns = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"];
    private static readonly string[] RabbitPatterns = ["/usr/lib/rabbitmq/lib/rabbitmq_server-*", "/opt/homebrew/opt/rabbitmq", "/usr/local/opt/rabbitmq"];

    /// <summary>Folders with postgres and initdb, the newest version first.</summary>
    public static IReadOnlyList<string> Postgres() =>
        [.. PostgresPatterns.SelectMany(Matches).OrderByDescending(Version).Concat(OnPath()).Where(folder => File.Exists($"{folder}/postgres") && File.Exists($"{folder}/initdb"))];

    /// <summary>The newest RabbitMQ's home folder.</summary>
    public static string? RabbitMq() => RabbitPatterns.SelectMany(Matches).OrderByDescending(Version).FirstOrDefault(folder => File.Exists($"{folder}/sbin/rabbitmq-server"));

    public static string? Epmd() => OnPath().Select(folder => $"{folder}/epmd").FirstOrDefault(File.Exists);

    /// <summary>Existing folders that match a path in which one part holds a star.</summary>
    public static IEnumerable<string> Matches(string pattern)
    {
        var parts = pattern.Split('/');
        var star = Array.FindIndex(parts, part => part.Contains('*'));
        if (star < 0) return Directory.Exists(pattern) ? [pattern] : [];
        var parent = string.Join('/', parts[..star]);
        if (!Directory.Exists(parent)) return [];
        var rest = string.Join('/', parts[(star + 1)..]);
        return Directory.EnumerateDirectories(parent, parts[star]).Select(folder => rest.Length == 0 ? folder : $"{folder}/{rest}").Where(Directory.Exists);
    }

    private static string[] OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private static Version Version(string folder)
    {
        var number = Number().Match(folder).Value;
        return System.Version.TryParse(number.Contains('.') ? number : $"{number}.0", out var version) ? version : new();
    }

    [GeneratedRegex(@"\d+(\.\d+)*", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
