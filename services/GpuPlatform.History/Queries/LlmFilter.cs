using GpuPlatform.History.Storage;
using Npgsql;

namespace GpuPlatform.History.Queries;

/// <summary>A range of time and what requests must have in common to be asked about.</summary>
internal sealed record LlmFilter
{
    public const string ModelField = "model", ClientField = "client", NodeField = "node";

    /// <summary>What a request whose model could not be read is counted as.</summary>
    public const string UnknownModel = "unknown";

    /// <summary>SQL on the traits <c>t</c> of a request; takes the parameters of <see cref="AddTo"/>.</summary>
    public const string OfTraits = $"""
        ($3::text IS NULL OR t.node_id = $3) AND ($4::text IS NULL OR COALESCE(t.model, '{UnknownModel}') = $4) AND ($5::text IS NULL OR t.client = $5)
        """;

    /// <summary>SQL on a request <c>r</c> and its traits <c>t</c>, likewise.</summary>
    public const string Condition = $"r.started_at >= $1 AND r.started_at < $2 AND {OfTraits}";

    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public string? NodeId { get; init; }
    public string? Model { get; init; }
    public string? Client { get; init; }

    /// <summary>Reads the fields that every question about requests has.</summary>
    public static LlmFilter Read(QueryFields fields, DateTimeOffset now)
    {
        var (from, to) = QueryRange.Read(fields, now, QueryRange.MostDays);
        return new LlmFilter
        {
            From = from,
            To = to,
            Model = fields.Text(ModelField, TextLimits.Model, "the name of a model"),
            Client = fields.Text(ClientField, TextLimits.Name, "the name of a client"),
            NodeId = fields.Text(NodeField, TextLimits.NodeId, "the id of a node as in /api/realtime"),
        };
    }

    public void AddTo(NpgsqlCommand command)
    {
        Add(command, From.UtcDateTime);
        Add(command, To.UtcDateTime);
        Add(command, NodeId);
        Add(command, Model);
        Add(command, Client);
    }

    public static void Add(NpgsqlCommand command, Sql.Value value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value.Boxed ?? DBNull.Value, NpgsqlDbType = value.Type });
}
