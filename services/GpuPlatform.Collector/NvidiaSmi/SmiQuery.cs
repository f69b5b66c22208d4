using System.Text.RegularExpressions;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>One row of a table the program printed, by field name.</summary>
internal sealed class SmiRow(IReadOnlyList<string> fields, string[] values)
{
    /// <summary>The value as printed; null when the program was not asked for the field.</summary>
    public string? this[string field]
    {
        get
        {
            for (var i = 0; i < fields.Count; i++)
                if (fields[i] == field)
                    return values[i];
            return null;
        }
    }
}

/// <summary>
/// One <c>--query-…</c> of the program. Every release knows other fields and refuses a whole query for one it does not know, by name: that one is
/// left out from then on.
/// </summary>
internal sealed partial class SmiQuery(SmiCommand command, string option, IEnumerable<string> fields)
{
    // Replaced, never changed: a run that was given up may still come back to it
    private volatile string[] _fields = [.. fields];

    /// <summary>The rows, or null with the reason.</summary>
    public List<SmiRow>? Run(out string? failure)
    {
        while (true)
        {
            var asked = _fields;
            var answer = command.Run($"--{option}={string.Join(',', asked)}", "--format=csv,noheader,nounits");
            failure = answer.Failure;
            if (failure is null)
                return Parse(answer.Output, asked);
            var unknown = UnknownField().Match(failure).Groups["field"].Value;
            string[] known = [.. asked.Where(field => field != unknown)];
            if (known.Length == asked.Length || known.Length == 0)
                return null;
            _fields = known;
        }
    }

    // A row of another length is no row: a GPU that is gone prints a sentence in its place
    private static List<SmiRow> Parse(string output, string[] asked)
    {
        var rows = new List<SmiRow>();
        foreach (var line in output.Split('\n'))
            if (line.Split(',', StringSplitOptions.TrimEntries) is { } values && values.Length == asked.Length)
                rows.Add(new SmiRow(asked, values));
        return rows;
    }

    [GeneratedRegex("Field \"(?<field>[^\"]{1,100})\" is not a valid field", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnknownField();
}
