using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GpuPlatform.Contracts;
using Text = GpuPlatform.History.Ingest.Text;

namespace GpuPlatform.History.Storage;

/// <summary>The part of a request that it shares with others, and the digest by which that combination is found again.</summary>
internal sealed class LlmTraits
{
    public const string Columns = "node_id, server, endpoint, api, operation, model, client, client_source, user_agent, client_address, process_name, "
        + "is_streaming, is_remote, is_load_only, outcome, status_code, finish_reason, is_estimated, is_unparsed, gpu_uuids";

    private LlmTraits(Sql.Value[] values) => (Values, Key) = (values, Digest(values));

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public Sql.Value[] Values { get; }

    public Guid Key { get; }

    public static LlmTraits Of(LlmRequestCompleted message) => new(
    [
        message.NodeId, Text.Clean(message.Server), Text.Clean(message.Endpoint), WireName.Of(message.Api), Text.Clean(message.Operation),
        Text.Clean(message.Model), Text.Clean(message.Client.Name), WireName.Of(message.Client.Source), Text.Clean(message.Client.UserAgent),
        Text.Clean(message.Client.Address), Text.Clean(message.Client.ProcessName), message.Streaming, message.Remote, message.LoadOnly,
        WireName.Of(message.Outcome), message.StatusCode, Text.Clean(message.FinishReason), message.TokensEstimated, message.Unparsed,
        Text.Clean(message.GpuUuids),
    ]);

    // With the length of each text before it: no two combinations run into the same text
    private static Guid Digest(Sql.Value[] values)
    {
        var all = new StringBuilder();
        foreach (var value in values)
        {
            string[] texts = value.Boxed switch
            {
                null => [],
                string[] list => list,
                var single => [Convert.ToString(single, CultureInfo.InvariantCulture)!],
            };
            all.Append(value.Boxed is null ? '-' : '+').Append(texts.Length);
            foreach (var text in texts)
                all.Append(':').Append(text.Length).Append(':').Append(text);
        }

        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())).AsSpan(0, 16));
    }
}
