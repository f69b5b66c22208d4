using GpuPlatform.History;
using GpuPlatform.History.Ingest;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace GpuPlatform.Tests.History;

public sealed class DatabaseOutageTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<HistoryMetrics>().BuildServiceProvider();
    private readonly ManualTimeProvider _time = new(Samples.Now);

    private DatabaseOutage Outage => new(_time, _services.GetRequiredService<HistoryMetrics>(), NullLogger<DatabaseOutage>.Instance);

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("57P01", false)]
    [InlineData("53100", false)]
    [InlineData("40P01", false)]
    [InlineData("42P01", false)]
    [InlineData("25006", false)]
    [InlineData("22021", true)]
    [InlineData("23514", true)]
    public void Only_what_the_database_says_of_the_data_is_the_message_s_fault(string sqlState, bool blamed) =>
        Assert.Equal(blamed, DatabaseOutage.BlamesTheMessage(new PostgresException("no", "ERROR", "ERROR", sqlState)));

    [Fact]
    public async Task A_message_waits_until_the_database_is_back()
    {
        var attempts = 0;
        var stored = Outage.OutlastAsync(_ => ++attempts < 20 ? throw new NpgsqlException("away") : Task.FromResult(7), default);

        while (!stored.IsCompleted)
            _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(7, await stored);
        Assert.Equal(20, attempts);
    }

    [Fact]
    public async Task A_poisonous_message_is_not_tried_again()
    {
        var attempts = 0;

        await Assert.ThrowsAsync<PostgresException>(() => Outage.OutlastAsync<int>(_ =>
        {
            attempts++;
            throw new PostgresException("bad text", "ERROR", "ERROR", "22021");
        }, default));

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Stopping_the_host_gives_the_message_back()
    {
        using var stop = new CancellationTokenSource();
        var stored = Outage.OutlastAsync<int>(_ => throw new NpgsqlException("away"), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stored);
    }
}
