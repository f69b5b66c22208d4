using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>
/// The rule file that the API writes, <c>treat-as.yaml</c>: a rule a line, newest first. What a person adds to it stays. It is replaced as a
/// whole, so that whoever reads it sees the old one or the new one; of those who write, who may be several replicas on one host, one at a time does.
/// </summary>
internal sealed partial class UserRuleFile(UserRuleFolder folder, TimeProvider time)
{
    public const string Name = "treat-as.yaml";
    public const string LockName = $".{Name}.lock";
    private const int MostRules = 500;
    private const string Head = "# Written by POST /api/rules and DELETE /api/rules: programs that are to be taken for what is said here. A rule a line, newest first.";
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How long another writer is waited for. It needs milliseconds.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds a rule, in the place of an earlier one for the same processes. Answers its name.</summary>
    /// <exception cref="InvalidOperationException">The file has mistakes or is full; the message says so.</exception>
    /// <exception cref="TimeoutException">Another process keeps it from being written.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task<string> AddAsync(UserRuleMatch match, WorkloadKind kind, CancellationToken cancellation)
    {
        var name = NameOf(match);
        Directory.CreateDirectory(folder.Path);
        using var alone = await LockAsync(cancellation);
        var lines = Read().Where(line => !IsRule(line, name)).ToList();
        if (lines.Count(line => line.StartsWith("- {", StringComparison.Ordinal)) >= MostRules)
            throw new InvalidOperationException($"{Name} holds {MostRules} rules; take one out first.");
        var first = lines.FindIndex(line => line.StartsWith('-'));
        lines.Insert(first < 0 ? lines.Count : first, Line(name, match, kind));
        Write(lines);
        return name;
    }

    /// <summary>Takes a rule out that was written here. False when there is none of this name.</summary>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellation)
    {
        if (!File.Exists(In(Name)))
            return false;
        using var alone = await LockAsync(cancellation);
        var lines = Read();
        var kept = lines.Where(line => !IsRule(line, name)).ToList();
        if (kept.Count == lines.Count)
            return false;
        if (!kept.Exists(line => line.StartsWith('-')))
            kept.Add("[]");
        Write(kept);
        return true;
    }

    internal static string NameOf(UserRuleMatch match)
    {
        var program = match.Name ?? match.Exe?.Replace('\\', '/').Split('/')[^1] ?? match.Argument ?? "";
        var words = NotOfNames().Replace(program.ToLowerInvariant(), "-").Trim('-');
        var all = $"{match.Name?.ToLowerInvariant()}\n{match.Exe?.ToLowerInvariant()}\n{match.Argument?.ToLowerInvariant()}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..8];
        return $"user/{(words.Length <= 40 ? words : words[..40])}-{digest}".Replace("/-", "/", StringComparison.Ordinal);
    }

    private static string Line(string name, UserRuleMatch match, WorkloadKind kind)
    {
        var when = new Dictionary<string, object>();
        if (match.Name is { } program)
            when["name"] = new[] { program };
        if (match.Exe is { } path)
            when["path"] = $"^{Regex.Escape(path.Replace('\\', '/').ToLowerInvariant())}$";
        if (match.Argument is { } argument)
            when["argument"] = Regex.Escape(argument.ToLowerInvariant());
        var word = Vocabulary.WordOf(kind);
        return "- " + JsonSerializer.Serialize(new { name, kind = word, confidence = 1, says = $"you said that it is {word}", when }, Written);
    }

    private static bool IsRule(string line, string name) => line.StartsWith($"- {{\"name\":\"{name}\",", StringComparison.Ordinal);

    private string In(string name) => Path.Combine(folder.Path, name);

    private Task<IDisposable> LockAsync(CancellationToken cancellation) => FileLock.TakeAsync(In(LockName), Patience, time, cancellation);

    private List<string> Read() => File.Exists(In(Name)) ? [.. File.ReadAllLines(In(Name)).Where(line => line != "[]")] : [Head];

    private void Write(List<string> lines)
    {
        var text = string.Join('\n', lines) + "\n";
        if (RuleFileReader.Read(Name, text).Problems is [var problem, ..])
            throw new InvalidOperationException($"Nothing was written, because the file would not be accepted. {problem.In(Name)}");
        var draft = In($".{Name}.{Guid.NewGuid():N}");
        try
        {
            using (var stream = new FileStream(draft, FileMode.CreateNew))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, In(Name), overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    [GeneratedRegex("[^a-z0-9.]+")]
    private static partial Regex NotOfNames();
}
