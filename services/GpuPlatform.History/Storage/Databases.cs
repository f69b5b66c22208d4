using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>The two pools: one whose connections keep staging tables for ingest, one for everything else.</summary>
internal sealed class Databases(NpgsqlDataSource queries, NpgsqlDataSource ingest) : IAsyncDisposable
{
    /// <summary>PostgreSQL serves 100 connections by default; a rush of questions must leave some for ingest and for other replicas.</summary>
    private const int MostQueries = 20;

    private const string ConnectionKey = "ConnectionStrings:history";

    public NpgsqlDataSource Queries => queries;

    public NpgsqlDataSource Ingest => ingest;

    public static Databases Open(string connectionString, TimeSpan commandTimeout, int ingestConcurrency)
    {
        var queries = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "history queries",
            MaxPoolSize = MostQueries,
            CommandTimeout = (int)Math.Ceiling(commandTimeout.TotalSeconds),
        };
        var ingest = new NpgsqlConnectionStringBuilder(queries.ConnectionString)
        {
            ApplicationName = "history ingest",
            MaxPoolSize = ingestConcurrency + 1,
            // A reset would drop the staging tables and the prepared statements at every return to the pool.
            NoResetOnClose = true,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
        };
        var builder = new NpgsqlDataSourceBuilder(ingest.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection => Staging.CreateAsync(connection).GetAwaiter().GetResult(), Staging.CreateAsync);
        return new Databases(NpgsqlDataSource.Create(queries), builder.Build());
    }

    /// <summary>Reads the connection string; a missing or malformed one stops the start with its configuration key.</summary>
    public static string ConnectionString(IConfiguration configuration)
    {
        var text = configuration[ConnectionKey];
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidOperationException($"{ConnectionKey} is missing: expected Host=…;Port=…;Username=…;Password=…;Database=…");
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host))
                throw new InvalidOperationException($"{ConnectionKey} names no Host");
            return text;
        }
        catch (ArgumentException problem)
        {
            throw new InvalidOperationException($"{ConnectionKey} is not a PostgreSQL connection string: {problem.Message}", problem);
        }
    }

    public static void AddTo(IHostApplicationBuilder builder)
    {
        var text = ConnectionString(builder.Configuration);
        builder.Services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<HistoryOptions>>().Value;
            return Open(text, options.CommandTimeout, options.IngestConcurrency);
        });
        builder.Services.AddDbContextFactory<HistoryContext>((provider, context) =>
            context.UseNpgsql(provider.GetRequiredService<Databases>().Queries)
                // A fresh database has no table of migrations: asking for it fails once, as intended. Real failures come as exceptions.
                .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.CommandError)));
    }

    public async ValueTask DisposeAsync()
    {
        await ingest.DisposeAsync();
        await queries.DisposeAsync();
    }
}
