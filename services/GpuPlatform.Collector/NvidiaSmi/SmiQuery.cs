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
    private readonly List<string> _fields = [.. fields];

    /// <summary>The rows, or null with the reason.</summary>
    public List<SmiRow>? Run(out string? failure)
    {
        while (true)
        {
            var answer = command.Run($"--{option}={string.Join(',', _fields)}", "--format=csv,noheader,nounits");
            failure = answer.Failure;
            if (failure is null)
                return Parse(answer.Output);
            if (UnknownField().Match(failure) is not { Success: true } match || !_fields.Remove(match.Groups["field"].Value) || _fields.Count == 0)
                return null;
        }
    }

    // A row of another length is no row: a GPU that is gone prints a sentence in its place
    private List<SmiRow> Parse(string output)
    {
        var asked = _fields.ToArray();
        var rows = new List<SmiRow>();
        foreach (var line in output.Split('\n'))
            if (line.Split(',', StringSplitOptions.TrimEntries) is { } values && values.Length == asked.Length)
                rows.Add(new SmiRow(asked, values));
        return rows;
    }

    [GeneratedRegex("Field \"(?<field>[^\"]{1,100})\" is not a valid field", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnknownField();
}
