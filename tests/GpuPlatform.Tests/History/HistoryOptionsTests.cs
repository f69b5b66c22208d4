using GpuPlatform.History;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.Tests.History;

public sealed class HistoryOptionsTests
{
    private static IEnumerable<string> Problems(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
        var options = configuration.GetSection(HistoryOptions.Section).Get<HistoryOptions>() ?? new HistoryOptions();
        return new HistoryOptionsValidator(configuration).Validate(null, options).Failures ?? [];
    }

    [Fact]
    public void Defaults_are_accepted() => Assert.Empty(Problems());

    [Fact]
    public void Every_problem_is_told_at_once_with_its_key_and_what_is_accepted() => Assert.Equal(
        [
            "History:StaleAftr is unknown; known are StaleAfter, ForgetAfter, MaxNodes, MaxFeeds, MaxClockLead, IngestConcurrency, CommandTimeout, LlmRetention, LlmContentRetention, GuardRetention, ProcessRetention.",
            "History:ForgetAfter is 00:00:10; accepted is 00:01:00 to 366.00:00:00.",
            "History:IngestConcurrency is 0; accepted is 1 to 64.",
            "History:LlmRetention is 00:00:00; accepted is 1.00:00:00 to 3660.00:00:00.",
        ],
        Problems(("History:StaleAftr", "00:00:05"), ("History:ForgetAfter", "00:00:10"), ("History:IngestConcurrency", "0"), ("History:LlmRetention", "0")));
}
