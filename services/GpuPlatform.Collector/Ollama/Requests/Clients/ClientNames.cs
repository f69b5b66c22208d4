using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>
/// Names to count clients by. They come from outside, so they are made fit to be shown; and since every one of them is a series of metrics and a row of
/// sums, whoever invents them gets so many and no more.
/// </summary>
internal sealed partial class ClientNames(Counter<long> refused, ILogger<ClientNames> logger)
{
    /// <summary>Stands for all names beyond <see cref="MostNames"/>.</summary>
    public const string Other = "other";

    /// <summary>Stands where nothing tells.</summary>
    public const string Unknown = "unknown";

    public const int MostNames = 200;
    public const int MostCharacters = 64;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _isToldOf;

    /// <summary>The name, or <see cref="Other"/> when there are enough already.</summary>
    public string Admit(string name)
    {
        lock (_gate)
        {
            if (_known.Contains(name)) return name;
            if (_known.Count < MostNames)
            {
                _known.Add(name);
                return name;
            }
            if (!_isToldOf) Log.Enough(logger, MostNames, Other);
            _isToldOf = true;
        }
        refused.Add(1);
        return Other;
    }

    /// <summary>The text without what cannot be seen, bounded; null when nothing is left.</summary>
    public static string? Clean(string? text, int length = MostCharacters)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var clean = new StringBuilder(Math.Min(text.Length, length));
        // What is far too long is not gone through to its end
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, 4 * length)).EnumerateRunes())
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                default:
                    clean.Append(rune);
                    break;
            }
        var seen = clean.ToString().Trim();
        return seen.Length == 0 ? null : seen.Length <= length ? seen : ProcessText.Cut(seen, length - 1);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "There are {MostNames} names of clients already; further ones are counted as '{Other}'")]
        public static partial void Enough(ILogger logger, int mostNames, string other);
    }
}
