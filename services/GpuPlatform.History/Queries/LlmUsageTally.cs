using GpuPlatform.Contracts;

namespace GpuPlatform.History.Queries;

/// <summary>Gathers the answer of <c>/api/llm-usage</c>.</summary>
internal sealed class LlmUsageTally(LlmFilter filter, TimeSpan step)
{
    /// <summary>What models and clients beyond the largest are called in the series.</summary>
    public const string Others = "other";

    internal const int MostGroups = 200;
    internal const int MostSeries = 20;

    internal static readonly double[] FirstTokenBounds =
        [10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 15_000, 20_000, 30_000, 50_000, 70_000, 100_000];

    internal static readonly double[] OutputTokenBounds = [1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000];

    private readonly LlmTally _total = new();
    private readonly Dictionary<string, LlmTally> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LlmTally> _clients = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset At, string Model, string Client, LlmSums Sums)> _steps = [];

    public TimeSpan Step => step;

    /// <summary>Steps come in ascending time.</summary>
    public void Add(DateTimeOffset at, string model, string client, LlmSums sums)
    {
        _total.Add(sums);
        Of(_models, model).Add(sums);
        Of(_clients, client).Add(sums);
        _steps.Add((at, model, client, sums));
    }

    public void Add(string model, string client, LlmValues values)
    {
        _total.Add(values);
        Of(_models, model).Add(values);
        Of(_clients, client).Add(values);
    }

    /// <summary>From when on there are at most so many requests, to within a step.</summary>
    public DateTimeOffset NewestFrom(long most)
    {
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            most -= _steps[i].Sums.Requests;
            if (most < 0)
                return _steps[i].At + step > filter.From ? _steps[i].At + step : filter.From;
        }

        return filter.From;
    }

    public LlmUsage ToContract(IReadOnlyList<ModelResidencyChanged> residency) => new()
    {
        From = filter.From,
        To = filter.To,
        Total = _total.ToContract(),
        Models = Groups(_models),
        Clients = Groups(_clients),
        StepSeconds = (int)step.TotalSeconds,
        Series = Series(),
        TimeToFirstToken = _total.Distribution(values => values.TimesToFirstToken, FirstTokenBounds),
        TimePerOutputToken = _total.Distribution(values => values.TimesPerOutputToken, OutputTokenBounds),
        Residency = residency,
    };

    private List<LlmUsagePoint> Series()
    {
        var (models, clients) = (Largest(_models, MostSeries), Largest(_clients, MostSeries));
        var (largeModels, largeClients) = (Names(models), Names(clients));
        return
        [
            .. _steps.GroupBy(row => (row.At, Model: largeModels.Contains(row.Model) ? row.Model : Others, Client: largeClients.Contains(row.Client) ? row.Client : Others))
                .OrderBy(group => group.Key.At).ThenBy(group => group.Key.Model, StringComparer.Ordinal).ThenBy(group => group.Key.Client, StringComparer.Ordinal)
                .Select(group => new LlmUsagePoint
                {
                    At = group.Key.At,
                    Model = group.Key.Model,
                    Client = group.Key.Client,
                    RequestCount = group.Sum(row => row.Sums.Requests),
                    PromptTokens = group.Sum(row => row.Sums.PromptTokens),
                    CompletionTokens = group.Sum(row => row.Sums.CompletionTokens),
                }),
        ];

        static HashSet<string> Names(IEnumerable<KeyValuePair<string, LlmTally>> groups) =>
            groups.Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
    }

    private static List<LlmGroup> Groups(Dictionary<string, LlmTally> groups) =>
        [.. Largest(groups, MostGroups).Select(group => new LlmGroup { Name = group.Key, Figures = group.Value.ToContract() })];

    private static IEnumerable<KeyValuePair<string, LlmTally>> Largest(Dictionary<string, LlmTally> groups, int most) =>
        groups.OrderByDescending(group => group.Value.Tokens).ThenBy(group => group.Key, StringComparer.Ordinal).Take(most);

    private static LlmTally Of(Dictionary<string, LlmTally> groups, string name)
    {
        if (!groups.TryGetValue(name, out var tally))
            groups[name] = tally = new LlmTally();
        return tally;
    }
}
