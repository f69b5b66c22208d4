using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;
using static GpuPlatform.History.Queries.LlmFilter;

namespace GpuPlatform.History.Queries;

/// <summary>Reads requests at model servers, page by page.</summary>
internal sealed class LlmSessionStore(Databases databases)
{
    private const string One = $"SELECT {LlmRow.Columns} FROM llm_request r JOIN llm_trait t ON t.id = r.trait_id WHERE r.request_id = $1";

    private const string OneContent = "SELECT request, response, request_headers, is_truncated FROM llm_content WHERE request_id = $1";

    private const string Further = """
        AND ($6::text IS NULL OR t.server = $6) AND ($7::text IS NULL OR t.outcome = $7) AND ($8::text IS NULL OR t.endpoint = $8)
            AND ($9::float8 IS NULL OR r.duration_ms >= $9)
        """;

    public async Task<LlmSessionPage> ReadAsync(LlmSessionQuery query, CancellationToken cancellation)
    {
        await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, query);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var sessions = new List<LlmRequestCompleted>();
        while (await reader.ReadAsync(cancellation))
            sessions.Add(LlmRow.Read(reader));
        var hasMore = sessions.Count > query.PageSize;
        if (hasMore)
            sessions.RemoveAt(query.PageSize);
        return new LlmSessionPage
        {
            From = query.Filter.From,
            To = query.Filter.To,
            Sessions = sessions,
            NextCursor = hasMore ? CursorAt(query, sessions[^1]).ToString() : null,
        };
    }

    /// <summary>With prompt and reply where they are still kept; null when there is no such request.</summary>
    public async Task<LlmRequestCompleted?> ReadAsync(Guid requestId, CancellationToken cancellation)
    {
        await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        Sql.Add(batch, One, requestId);
        Sql.Add(batch, OneContent, requestId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var request = LlmRow.Read(reader);
        return await reader.NextResultAsync(cancellation) && await reader.ReadAsync(cancellation)
            ? request with { Content = LlmRow.ReadContent(reader) }
            : request;
    }

    // Rows are compared with the last one of the page before by value and id: whatever arrives meanwhile, none comes twice and none is left out
    private static NpgsqlCommand Command(NpgsqlConnection connection, LlmSessionQuery query)
    {
        var (sort, direction) = (query.SortBy, query.IsDescending ? "DESC" : "ASC");
        var after = query.After is null ? "" : $"AND ({sort.Key}, r.request_id) {(query.IsDescending ? '<' : '>')} ($10, $11)";
        var command = new NpgsqlCommand($"""
            SELECT {LlmRow.Columns} FROM llm_request r JOIN llm_trait t ON t.id = r.trait_id
            WHERE {Condition} {Further} AND {sort.Present} {after}
            ORDER BY {sort.Key} {direction}, r.request_id {direction} LIMIT {query.PageSize + 1}
            """, connection);
        query.Filter.AddTo(command);
        Add(command, query.ServerName);
        Add(command, query.OutcomeName);
        Add(command, query.EndpointPath);
        Add(command, query.MinDurationMs);
        if (query.After is { } last)
        {
            Add(command, sort.ToSql(last.Value));
            Add(command, last.RequestId);
        }

        return command;
    }

    private static LlmCursor CursorAt(LlmSessionQuery query, LlmRequestCompleted last) =>
        new(query.Filter.From, query.Filter.To, query.SortBy.Name, query.IsDescending, query.SortBy.Of(last), last.RequestId);
}
