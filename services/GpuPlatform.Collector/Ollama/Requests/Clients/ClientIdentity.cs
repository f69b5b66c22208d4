using System.Text;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>
/// Says who asks, from what the request itself tells: the name of its API key, else the user that an application forwards, else the product in User-Agent.
/// It attributes, it does not authenticate: all but the key can be made up. The process at the other end comes later, see <see cref="ClientProcesses"/>.
/// </summary>
internal sealed class ClientIdentity(IOptions<OllamaOptions> options, ClientNames names)
{
    private const int MostAgentCharacters = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ApiKeys _keys = new(options.Value.Keys);
    private readonly string[] _userHeaders = HeaderList.Parse(options.Value.UserHeaderNames);

    public LlmClient Of(HttpContext http)
    {
        var userAgent = Readable(http.Request.Headers.UserAgent.ToString());
        var (name, source) = Name(http.Request.Headers, userAgent);
        return new LlmClient
        {
            Name = name,
            Source = source,
            UserAgent = ClientNames.Clean(userAgent, MostAgentCharacters),
            Address = http.Connection.RemoteIpAddress is { } address ? ClientConnection.Plain(address).ToString() : null,
        };
    }

    /// <summary>True when the name of its process says more than the name it has.</summary>
    public static bool IsWeak(LlmClient client) =>
        client.Source == LlmClientSource.Unknown || client.Source == LlmClientSource.Agent && UserAgents.IsGeneric(client.Name);

    private (string Name, LlmClientSource Source) Name(IHeaderDictionary headers, string userAgent)
    {
        // As many as are configured: these need no bound
        if (_keys.NameOf(headers) is { } key) return (key, LlmClientSource.Key);
        foreach (var header in _userHeaders)
            if (headers.TryGetValue(header, out var values) && ClientNames.Clean(Decoded(values.ToString())) is { } user)
                return (names.Admit(user), LlmClientSource.User);
        return UserAgents.Parse(userAgent) is { } agent
            ? (agent.IsGeneric ? agent.Name : names.Admit(agent.Name), LlmClientSource.Agent)
            : (ClientNames.Unknown, LlmClientSource.Unknown);
    }

    // Open WebUI writes the name as it would stand in an address
    private static string Decoded(string value) => Readable(Uri.UnescapeDataString(value));

    // The proxy takes header bytes as Latin-1 so that they pass unchanged; most that are not ASCII are UTF-8
    private static string Readable(string value)
    {
        if (Ascii.IsValid(value) || value.Any(c => c > 0xFF)) return value;
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(value));
        }
        catch (DecoderFallbackException)
        {
            return value;
        }
    }
}
