using GpuPlatform.History.Api;
using Npgsql;

namespace GpuPlatform.Tests.History;

public sealed class ApiProblemsTests
{
    [Theory]
    [InlineData("57P03", true)] // cannot connect now
    [InlineData("53300", true)] // too many connections
    [InlineData("42P01", true)] // undefined table: the schema is not there yet
    [InlineData("42601", false)] // syntax error
    [InlineData("22012", false)] // division by zero
    public void A_refused_statement_is_an_outage_only_when_it_passes(string state, bool isOutage) =>
        Assert.Equal(isOutage, ApiProblems.IsOutage(new PostgresException("no", "ERROR", "ERROR", state)));

    [Fact]
    public void No_answer_is_an_outage_and_a_defect_is_not()
    {
        Assert.True(ApiProblems.IsOutage(new NpgsqlException("connection lost")));
        Assert.True(ApiProblems.IsOutage(new TimeoutException()));
        Assert.False(ApiProblems.IsOutage(new InvalidOperationException()));
        Assert.False(ApiProblems.IsOutage(null));
    }
}
