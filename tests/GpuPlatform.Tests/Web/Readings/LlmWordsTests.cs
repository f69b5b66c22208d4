using System.Reflection;
using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.LlmSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class LlmWordsTests
{
    [Fact]
    public void Every_field_of_a_record_is_in_its_details()
    {
        var silent = typeof(LlmRequestCompleted).GetProperties().Where(property => property.Name != nameof(LlmRequestCompleted.Content))
            .Where(property => Text(Completed()) == Text(Changed(property))).Select(property => property.Name);

        Assert.Empty(silent);
    }

    [Fact]
    public void What_nobody_told_is_a_dash_and_every_field_is_explained()
    {
        var rows = RequestRows.Of(Completed(), null).SelectMany(section => section.Rows).ToList();

        Assert.All(rows, row => Assert.NotEmpty(row.Meaning));
        Assert.All(rows.Where(row => row.What is "Energy" or "Time to first token" or "Generated" or "Of these cached" or "Error" or "Gaps between pieces"), row => Assert.Equal("—", row.Value));
    }

    [Fact]
    public void A_request_that_did_not_end_well_says_why()
    {
        var failed = Completed() with { Outcome = LlmOutcome.Failed };

        Assert.Null(LlmWords.Trouble(Completed() with { Error = "left over" }));
        Assert.Equal("model 'x' not found", LlmWords.Trouble(failed with { Error = "model 'x' not found", StatusCode = 404 }));
        Assert.Equal("status 503", LlmWords.Trouble(failed with { StatusCode = 503 }));
        Assert.Equal(LlmWords.OutcomeTitle(LlmOutcome.Aborted), LlmWords.Trouble(failed with { Outcome = LlmOutcome.Aborted, StatusCode = 200 }));
    }

    [Fact]
    public void Failures_are_counted_by_kind()
    {
        Assert.Null(LlmWords.Failures(Figures));
        Assert.Equal("1 failed, 1,200 aborted", LlmWords.Failures(Figures with { FailedCount = 1, AbortedCount = 1200 }));
    }

    [Theory]
    [InlineData(10L, 10L, "100 % GPU")]
    [InlineData(10L, 6L, "60 % GPU, rest in RAM")]
    [InlineData(1000L, 993L, "99 % GPU, rest in RAM")]
    [InlineData(1000L, 6L, "1 % GPU, rest in RAM")]
    [InlineData(10L, 0L, "in RAM, no GPU")]
    [InlineData(10L, null, "GPU share not told")]
    [InlineData(null, 5L, "GPU share not told")]
    public void A_model_in_memory_says_where_it_lies(long? size, long? vram, string text) =>
        Assert.Equal(text, ResidentWords.Place(new ResidentModel { Name = "m", SizeBytes = size, VramBytes = vram }));

    [Fact]
    public void A_model_in_memory_says_when_it_leaves()
    {
        var model = new ResidentModel { Name = "m" };

        Assert.Equal("stays until it is unloaded", ResidentWords.Expiry(model, Noon));
        Assert.Equal("stays until it is unloaded", ResidentWords.Expiry(model with { ExpiresAt = Noon.AddYears(200) }, Noon));
        Assert.Equal("unloaded in 4 min 5 s unless it is used", ResidentWords.Expiry(model with { ExpiresAt = Noon.AddSeconds(245) }, Noon));
        Assert.Equal("is about to be unloaded", ResidentWords.Expiry(model with { ExpiresAt = Noon }, Noon));
        Assert.Equal("is being unloaded", ResidentWords.Expiry(model with { Stopping = true, ExpiresAt = Noon.AddHours(1) }, Noon));
    }

    [Fact]
    public void Thrashing_is_warned_of_once_per_model_and_not_forever()
    {
        var change = new ModelResidencyChanged { NodeId = "desk", ChangedAt = Noon, Server = "ollama", Model = "m", Change = ResidencyChange.Thrashing, Reason = "other options." };

        Assert.Equal(Noon, Assert.Single(Warnings(Noon.AddMinutes(1), change, change with { ChangedAt = Noon.AddMinutes(-5) })).ChangedAt);
        Assert.Empty(Warnings(Noon.AddMinutes(16), change));
        Assert.Empty(Warnings(Noon, change with { Change = ResidencyChange.Loaded }, change with { Server = "vllm" }, change with { NodeId = "attic" }));
        Assert.Equal("m is loaded again and again: other options. Every load costs its users seconds, the last one 2.00 s (noticed 1 min ago).", Thrashing.Sentence(change with { LoadMs = 2000 }, Noon.AddMinutes(1)));
    }

    private static IReadOnlyList<ModelResidencyChanged> Warnings(DateTimeOffset now, params ModelResidencyChanged[] changes) => Thrashing.Of(changes, "desk", "ollama", now);

    private static string Text(LlmRequestCompleted request) =>
        string.Join('\n', RequestRows.Of(request, null).SelectMany(section => section.Rows).Select(row => $"{row.What} {row.Value} {row.Meaning}"));

    private static LlmRequestCompleted Changed(PropertyInfo property)
    {
        var changed = Completed() with { };
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(changed, type switch
        {
            _ when type == typeof(string) => "something else",
            _ when type == typeof(bool) => true,
            _ when type == typeof(Guid) => Guid.NewGuid(),
            _ when type == typeof(DateTimeOffset) => Noon.AddDays(1),
            _ when type == typeof(LlmClient) => Alice with { Name = "bob" },
            _ when type.IsEnum => Enum.GetValues(type).GetValue(2),
            _ when type == typeof(IReadOnlyList<string>) => new[] { "GPU-x" },
            _ => Convert.ChangeType(7, type, System.Globalization.CultureInfo.InvariantCulture),
        });
        return changed;
    }
}
