using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuPlatform.Contracts;
using Npgsql;
using RabbitMQ.Client;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>Publishes envelopes to the message exchanges as a collector does, or bytes that no collector would send.</summary>
internal sealed class RawPublisher(RunningSystem system, IConnection connection, IChannel channel) : IAsyncDisposable
{
    /// <summary>More than History holds at a time: once these are stored, what was published before them has been dealt with.</summary>
    const int FenceMessages = 48;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<RawPublisher> ConnectAsync(RunningSystem system)
    {
        var factory = new ConnectionFactory { Uri = new Uri((await system.App.GetConnectionStringAsync("messaging"))!), AutomaticRecoveryEnabled = false };
        var connection = await factory.CreateConnectionAsync();
        return new RawPublisher(system, connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true)));
    }

    /// <summary>A message in the form that <see cref="PublishAsync{T}(JsonNode)"/> takes, to be bent.</summary>
    public static JsonObject ToJson<T>(T message) => (JsonObject)JsonSerializer.SerializeToNode(message, Json)!;

    public Task PublishAsync<T>(T message) => PublishAsync<T>(ToJson(message));

    public Task PublishAsync<T>(JsonNode message) => PublishTextAsync<T>(Envelope(WireTopology.UrnFor<T>(), message.ToJsonString()));

    /// <summary>Any body at all, to the exchange of <typeparamref name="T"/>; ends when the broker has it.</summary>
    public async Task PublishTextAsync<T>(string body)
    {
        var properties = new BasicProperties { ContentType = WireTopology.EnvelopeContentType, DeliveryMode = DeliveryModes.Persistent };
        await channel.BasicPublishAsync(WireTopology.ExchangeFor<T>(), "", mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    public static string Envelope(string urn, string message) =>
        $$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["{{urn}}"],"message":{{message}}}""";

    /// <summary>
    /// Waits until what was published so far has been stored or refused. Many ticks of one host wait for each other and may take longer:
    /// after those, wait for their rows.
    /// </summary>
    public async Task FenceAsync()
    {
        var fence = new TestNode();
        for (var i = 0; i < FenceMessages; i++)
        {
            await PublishAsync(fence.Heartbeat(i * 0.001));
        }

        await using var database = await system.OpenDatabaseAsync();
        await Eventually.Holds("the messages behind the others are stored", async () =>
            await CountAsync(database, "select count(*) from host_sample where node_id = $1", fence.NodeId) == FenceMessages);
    }

    /// <summary>The answer of a query with one parameter.</summary>
    public static async Task<long> CountAsync(NpgsqlDataSource database, string sql, string parameter)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
