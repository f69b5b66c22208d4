using System.Globalization;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/historical</c> was asked for.</summary>
internal sealed record HistoricalRange(TimeSpan Length, string? NodeId, string? GpuUuid, bool Details = false)
{
    public const string Hours = "hours", Node = "node", Gpu = "gpu", DetailsToo = "details";
    public const decimal MostHours = 744;

    /// <summary>Reads the query string; what is wrong is named with the values that are accepted.</summary>
    public static (HistoricalRange? Range, Dictionary<string, string[]> Problems) Parse(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var hours = 1m;
        string? node = null, gpu = null;
        var details = false;
        foreach (var (name, values) in query)
        {
            var text = values.Count == 1 ? values[0] : null;
            if (values.Count > 1)
                problems[name] = ["give it once"];
            else if (name == Hours)
            {
                if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out hours) || hours <= 0 || hours > MostHours)
                    problems[name] = [$"'{text}' is not accepted: a decimal number of hours, more than 0 and at most {MostHours}, for instance 0.5"];
            }
            else if (name == Node)
                node = Id(name, text, TextLimits.NodeId, "the id of a node as in /api/realtime", problems);
            else if (name == Gpu)
                gpu = Id(name, text, TextLimits.GpuUuid, "the UUID of a GPU as in /api/realtime", problems);
            else if (name == DetailsToo)
            {
                if (!bool.TryParse(text, out details))
                    problems[name] = [$"'{text}' is not accepted: true or false"];
            }
            else
                problems[name] = [$"unknown parameter; known are {Hours}, {Node}, {Gpu} and {DetailsToo}"];
        }

        return problems.Count > 0 ? (null, problems) : (new HistoricalRange(TimeSpan.FromHours((double)hours), node, gpu, details), problems);
    }

    private static string? Id(string name, string? text, int limit, string expected, Dictionary<string, string[]> problems)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > limit || text.Any(char.IsControl))
            problems[name] = [$"expected {expected}, at most {limit} characters"];
        return text;
    }
}
